<?php
// Sends the forms of standard input by PHP's curl extension; see protocol.ts.

function send(string $url, array $parts): void
{
    $request = curl_init($url);
    curl_setopt_array($request, [CURLOPT_POSTFIELDS => $parts, CURLOPT_RETURNTRANSFER => true]);
    $body = curl_exec($request);
    echo curl_getinfo($request, CURLINFO_RESPONSE_CODE), ' ', base64_encode((string) $body), "\n";
}

$forms = [];
foreach (file('php://stdin', FILE_IGNORE_NEW_LINES) as $line) {
    $words = explode(' ', $line);
    match ($words[0]) {
        'form' => $forms[] = [$words[1], []],
        'field' => $forms[array_key_last($forms)][1][base64_decode($words[1])] = base64_decode($words[2]),
        'file' => $forms[array_key_last($forms)][1][base64_decode($words[1])] =
            new CURLFile($words[4], $words[3], base64_decode($words[2])),
    };
}
foreach ($forms as [$url, $parts]) {
    send($url, $parts);
}
