<?php

declare(strict_types=1);

namespace Nnopen;

/** 为什么没有结果，接下来做什么 · Why there is no result, and what to do next. */
final class Failure
{
    /**
     * @param string|null     $code       平台的返回码，或失败发票的状态 · the platform's code, or a failed invoice's status
     * @param string          $describe   发生了什么 · what happened
     * @param list<Violation> $violations 参数的全部问题 · all that is wrong with the params
     * @param int|null        $retryAt    何时重试才有意义，毫秒 · when trying again can help: milliseconds since 1970
     * @param string          $retry      no、later、sign_in、ask
     * @param bool            $orderFree  订单号可否再用 · whether the order number may be used again
     * @param mixed           $result     平台附带的内容 · what the platform sent along
     */
    public function __construct(
        public readonly Kind $kind,
        public readonly ?string $code,
        public readonly string $describe,
        public readonly string $hintZh = '',
        public readonly string $hintEn = '',
        public readonly array $violations = [],
        public readonly ?int $retryAt = null,
        public readonly string $retry = 'no',
        public readonly bool $orderFree = false,
        public readonly mixed $result = null,
    ) {
    }

    /**
     * @internal
     *
     * @param array<string, mixed> $told
     */
    public static function of(array $told): self
    {
        return new self(
            Kind::from($told['kind']),
            $told['code'],
            $told['describe'],
            $told['hintZh'],
            $told['hintEn'],
            array_map(Violation::of(...), $told['violations']),
            $told['retryAt'],
            $told['retry'],
            $told['orderFree'],
            $told['result'],
        );
    }

    /** 何时重试才有意义 · When trying again can help. */
    public function retryTime(): ?\DateTimeImmutable
    {
        $at = $this->retryAt;

        return $at === null ? null : new \DateTimeImmutable('@' . intdiv($at, 1000));
    }

    /** 对应种类的异常 · The exception of its kind. */
    public function exception(): NnopenException
    {
        return match ($this->kind) {
            Kind::Input => new Exception\InputException($this),
            Kind::Usage => new Exception\UsageException($this),
            Kind::Auth => new Exception\AuthException($this),
            Kind::Platform => new Exception\PlatformException($this),
            Kind::Reply => new Exception\ReplyException($this),
            Kind::Transport => new Exception\TransportException($this),
            Kind::Uncertain => new Exception\UncertainException($this),
        };
    }

    public function __toString(): string
    {
        $faults = array_filter($this->violations, static fn (Violation $violation) => $violation->isError);
        $what = $faults === [] ? $this->describe : implode('; ', array_map('strval', $faults));
        $head = $this->kind->value . ($this->code === null ? '' : " {$this->code}");

        return "{$head}: {$what}" . ($this->hintZh === '' ? '' : " | {$this->hintZh}");
    }
}
