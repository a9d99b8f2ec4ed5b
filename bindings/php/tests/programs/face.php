<?php

declare(strict_types=1);

// The classes behind the door, as reflection tells them; without the core: what is said then. For a process of its own.

require __DIR__ . '/../../autoload.php';

$face = ['door' => Nnopen\Native::door()];
try {
    $face['methods'] = count(Nnopen\Core::methods());
} catch (Nnopen\NnopenException $refused) {
    $face['refused'] = $refused->getMessage();
}
foreach (['Session', 'Call', 'Batch', 'Core'] as $class) {
    $methods = [];
    foreach ((new ReflectionClass("Nnopen\\Native\\{$class}"))->getMethods(ReflectionMethod::IS_PUBLIC) as $method) {
        $parameters = array_map(
            static fn (ReflectionParameter $parameter) => "{$parameter->getType()} \${$parameter->getName()}",
            $method->getParameters(),
        );
        $told = implode(', ', $parameters) . "): {$method->getReturnType()}";
        $method->isConstructor() || $methods[] = ($method->isStatic() ? 'static ' : '') . "{$method->getName()}({$told}";
    }
    sort($methods);
    $face['classes'][$class] = $methods;
}
echo json_encode($face, JSON_THROW_ON_ERROR);
