<?php

declare(strict_types=1);

// By which door the core is reached, and what it knows; without the core: what is said then. For a process of its own.

require __DIR__ . '/../../autoload.php';

$face = ['door' => Nnopen\Native::door()];
try {
    $face['methods'] = Nnopen\Core::methods();
    // A word that is none, or no text; an argument that lacks; a number of nothing.
    foreach ([['what'], ["\xff"], ['snapshot'], ['snapshot', '9']] as $question) {
        $face['answers'][] = Nnopen\Native\Library::ask(...$question);
    }
    // Params where a text belongs, and lengths that lie.
    foreach ([[['what']], ['snapshot', ['9']]] as $question) {
        $face['lies'][] = Nnopen\Native\Library::ask(...$question)[0];
    }
    foreach ($face['door'] === 'ffi' ? ['', "\xff", str_repeat("\xff", 8), pack('J', 5) . 'what'] : [] as $question) {
        $face['lies'][] = substr(Nnopen\Native\Library::answer($question), 8, 7);
    }
} catch (Nnopen\NnopenException $refused) {
    $face['refused'] = $refused->getMessage();
}
echo json_encode($face, JSON_THROW_ON_ERROR);
