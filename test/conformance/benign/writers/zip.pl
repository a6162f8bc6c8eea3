# Writes the files of a folder as a ZIP.
use strict;
use warnings;
use Archive::Zip qw(:ERROR_CODES);

my ($folder, $output) = @ARGV;
my $zip = Archive::Zip->new();
$zip->addTree($folder, $folder);
$zip->addString('from memory', 'added.txt');
die 'not written' unless $zip->writeToFileNamed($output) == AZ_OK;
