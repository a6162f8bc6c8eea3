<?php
// Writes the files of a folder as a ZIP, then opens it again and adds one.
[, $folder, $output] = $argv;
$zip = new ZipArchive();
$zip->open($output, ZipArchive::CREATE);
$all = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS));
foreach ($all as $path => $entry) {
    $zip->addFile($path, $path);
}
$zip->addEmptyDir('empty');
$zip->close();
$zip->open($output);
$zip->addFromString('added.txt', 'added later');
$zip->setArchiveComment('a comment');
$zip->close();
