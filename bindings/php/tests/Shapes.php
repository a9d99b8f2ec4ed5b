<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use PHPStan\PhpDocParser\Ast\ConstExpr\ConstExprStringNode;
use PHPStan\PhpDocParser\Ast\PhpDoc\TypeAliasTagValueNode;
use PHPStan\PhpDocParser\Ast\Type;
use PHPStan\PhpDocParser\Lexer\Lexer;
use PHPStan\PhpDocParser\Parser\ConstExprParser;
use PHPStan\PhpDocParser\Parser\PhpDocParser;
use PHPStan\PhpDocParser\Parser\TokenIterator;
use PHPStan\PhpDocParser\Parser\TypeParser;

/** The array shapes of a generated class, read by PHPStan's own parser: whether a value fits one. */
final class Shapes
{
    /** @var array<string, Type\TypeNode> */
    private array $types = [];

    /** @param class-string $class */
    public function __construct(string $class)
    {
        $constants = new ConstExprParser();
        $parser = new PhpDocParser(new TypeParser($constants), $constants);
        $comment = (string) (new \ReflectionClass($class))->getDocComment();
        $read = $parser->parse(new TokenIterator((new Lexer())->tokenize($comment)));
        foreach ($read->getTags() as $tag) {
            if ($tag->value instanceof TypeAliasTagValueNode) {
                $this->types[$tag->value->alias] = $tag->value->type;
            } elseif (str_starts_with($tag->name, '@phpstan-type')) {
                throw new Mismatch("{$class}: {$tag} can not be read");
            }
        }
    }

    /** Where a value does not fit the type of this name; null if it does. */
    public function misfit(string $name, mixed $value): ?string
    {
        return $this->at($this->types[$name] ?? throw new Mismatch("there is no {$name}"), $value, $name);
    }

    private function at(Type\TypeNode $type, mixed $value, string $path): ?string
    {
        if ($type instanceof Type\UnionTypeNode) {
            $misfits = array_map(fn (Type\TypeNode $one) => $this->at($one, $value, $path), $type->types);

            return in_array(null, $misfits, true) ? null : $misfits[0];
        }
        if ($type instanceof Type\ArrayShapeNode) {
            return $this->shape($type, $value, $path);
        }
        if ($type instanceof Type\GenericTypeNode) {
            if ($type->type->name !== 'list' || !is_array($value) || !array_is_list($value)) {
                return $path;
            }
            foreach ($value as $index => $item) {
                $misfit = $this->at($type->genericTypes[0], $item, "{$path}[{$index}]");
                if ($misfit !== null) {
                    return $misfit;
                }
            }

            return null;
        }
        if ($type instanceof Type\ConstTypeNode && $type->constExpr instanceof ConstExprStringNode) {
            return trim($type->constExpr->value, "'") === $value ? null : $path;
        }
        if (!$type instanceof Type\IdentifierTypeNode) {
            throw new Mismatch("{$path}: {$type} is not known here");
        }
        $fits = match ($type->name) {
            'string' => is_string($value),
            'int' => is_int($value),
            'numeric-string' => is_string($value) && is_numeric($value),
            'null' => $value === null,
            'mixed' => true,
            default => null,
        };
        if ($fits === null && isset($this->types[$type->name])) {
            return $this->at($this->types[$type->name], $value, $path);
        }
        // What is left are the enums: no vector holds one.
        return $fits === true ? null : $path;
    }

    private function shape(Type\ArrayShapeNode $shape, mixed $value, string $path): ?string
    {
        if (!is_array($value)) {
            return $path;
        }
        $known = [];
        foreach ($shape->items as $item) {
            $name = trim((string) $item->keyName, "'");
            $known[$name] = true;
            if (!array_key_exists($name, $value)) {
                if (!$item->optional) {
                    return "{$path}.{$name}";
                }
                continue;
            }
            $misfit = $this->at($item->valueType, $value[$name], "{$path}.{$name}");
            if ($misfit !== null) {
                return $misfit;
            }
        }
        $more = array_key_first(array_diff_key($value, $known));

        return $shape->sealed && $more !== null ? "{$path}.{$more}" : null;
    }
}
