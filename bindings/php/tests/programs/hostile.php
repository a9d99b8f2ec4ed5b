<?php

declare(strict_types=1);

// A server that answers as the first argument says; it tells its port. Ends with its standard input.

[, $answer] = $argv;
$server = stream_socket_server('tcp://127.0.0.1:0');
echo substr((string) stream_socket_get_name($server, false), 10), "\n";
stream_set_blocking(STDIN, false);
$secret = 'SD00000000000001';
$held = 'a-token-0123456789abcdef';
$token = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"access_token\":\"{$held}\",\"expires_in\":\"86400\"}";
$answers = [
    'nothing' => '',
    'no http' => "\x00\xff\x16\x03 what?\r\n\r\n",
    'half' => "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"code\":\"E0000\"",
    'redirect' => "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/elsewhere\r\nContent-Length: 0\r\n\r\n",
    'page' => "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>{$secret}</html>",
    'binary' => "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\x00\x01\xff\xfe",
    'deep' => "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" . str_repeat('[', 100_000),
    'echo' => "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"code\":\"E9999\",\"describe\":\"{$secret} {$held}\"}",
    'endless' => '',
    'drip' => "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
    'error' => "HTTP/1.1 500 Oh\r\nConnection: close\r\n\r\n",
];
while (!feof(STDIN)) {
    fread(STDIN, 1);
    $client = @stream_socket_accept($server, 0.2);
    if ($client === false) {
        continue;
    }
    stream_set_timeout($client, 2);
    $request = '';
    while (!str_contains($request, "\r\n\r\n") && ($part = fread($client, 65536)) !== false && $part !== '') {
        $request .= $part;
    }
    // What is left unread would make the system reset the connection.
    if (preg_match('/content-length: *([0-9]+)/i', $request, $match) === 1) {
        while (strlen($request) - strpos($request, "\r\n\r\n") - 4 < (int) $match[1] && !feof($client)) {
            $request .= fread($client, 65536);
        }
    }
    @fwrite($client, str_contains($request, 'grant_type') ? $token : $answers[$answer]);
    if ($answer === 'endless' && !str_contains($request, 'grant_type')) {
        @fwrite($client, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        while (@fwrite($client, str_repeat(' ', 1 << 16)) !== false) {
        }
    }
    if ($answer === 'drip' && !str_contains($request, 'grant_type')) {
        for ($at = 0; $at < 400 && @fwrite($client, 'x') !== false; ++$at) {
            usleep(50_000);
        }
    }
    fclose($client);
}
