<?php

declare(strict_types=1);

// By which door the core is reached, and what it knows; without the core: what is said then. For a process of its own.

require __DIR__ . '/../../autoload.php';

$face = ['door' => Nnopen\Native::door()];
try {
    $face['methods'] = Nnopen\Core::methods();
    // Lengths that lie, a word that is none, a number of nothing.
    foreach (["\xff", str_repeat("\xff", 8), pack('J', 4) . 'what', pack('J', 8) . 'snapshot' . pack('J', 1) . '9'] as $question) {
        $face['answers'][] = bin2hex(Nnopen\Native\Library::answer($question));
    }
} catch (Nnopen\NnopenException $refused) {
    $face['refused'] = $refused->getMessage();
}
echo json_encode($face, JSON_THROW_ON_ERROR);
