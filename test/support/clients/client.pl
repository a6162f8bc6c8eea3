# Sends the forms of standard input by LWP; see protocol.ts.
use strict;
use warnings;
use HTTP::Request::Common qw(POST);
use LWP::UserAgent;
use MIME::Base64;

my @forms;
while (my $line = <STDIN>) {
    chomp $line;
    my ($kind, @words) = split / /, $line, -1;
    if ($kind eq 'form') {
        push @forms, [$words[0], []];
    } elsif ($kind eq 'field') {
        push @{ $forms[-1][1] }, decode_base64($words[0]), decode_base64($words[1]);
    } else {
        my ($field, $name, $type, $path) = @words;
        push @{ $forms[-1][1] }, decode_base64($field), [$path, decode_base64($name), 'Content-Type' => $type];
    }
}

my $agent = LWP::UserAgent->new;
for my $form (@forms) {
    my ($url, $parts) = @$form;
    my $response = $agent->request(POST $url, 'Content-Type' => 'form-data', 'Content' => $parts);
    print $response->code, ' ', encode_base64($response->content, ''), "\n";
}
