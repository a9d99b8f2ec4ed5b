<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use Nnopen\Batch;
use Nnopen\BatchRules;
use Nnopen\NnopenException;
use Nnopen\Session;
use Nnopen\Step;

/** Plays the conversation of a batch: many orders followed. */
final class BatchPlayer
{
    private Session $session;

    private Batch $batch;

    public function __construct(private readonly Exact $vector)
    {
    }

    /** @throws Mismatch */
    public function play(): void
    {
        $expected = $this->vector->get('start_error');
        try {
            $this->begin();
        } catch (NnopenException $error) {
            Player::sameError($expected ?? throw new Mismatch("could not be begun: {$error->getMessage()}"), $error);

            return;
        }
        $script = $this->vector->get('script')?->items() ?? [];
        if ($expected !== null || $script === []) {
            throw new Mismatch('begun, which must not be; or the script is empty');
        }
        foreach ($script as $at => $line) {
            try {
                $this->line($at, $line);
            } catch (Mismatch $mismatch) {
                throw new Mismatch("line {$at}: {$mismatch->getMessage()}");
            }
        }
    }

    private function begin(): void
    {
        $follow = $this->vector->get('follow') ?? throw new Mismatch('follow is not told');
        $this->session = new Session(Player::config($this->vector->get('session') ?? throw new Mismatch('no session')));
        $unset = new BatchRules();
        $this->batch = $this->session->follow(new BatchRules(
            $follow->get('by')?->token() ?? $unset->by,
            $follow->number('rate') ?? $unset->rate,
            $follow->number('slowest') ?? $unset->slowest,
            $follow->number('give_up') ?? $unset->giveUp,
            (array) $follow->get('with')?->php(),
        ), $follow->said('method'));
    }

    private function line(int $at, Exact $line): void
    {
        if ($line->get('progress') !== null) {
            $this->sameProgress($line->get('progress'));

            return;
        }
        if ($line->get('snapshot') !== null) {
            Player::sameMembers($line->get('snapshot'), Exact::parse($this->batch->snapshot()), 'snapshot');

            return;
        }
        $now = $line->number('now') ?? throw new Mismatch('the line has no now');
        $expected = $line->get('error') ?? $line->get('step')?->get('error');
        try {
            $this->tell($at, $line, $now);
        } catch (NnopenException $error) {
            Player::sameError($expected ?? throw new Mismatch("{$error->getMessage()} came"), $error);

            return;
        }
        if ($expected !== null) {
            throw new Mismatch("{$expected} must come, nothing came");
        }
    }

    private function tell(int $at, Exact $line, int $now): void
    {
        $add = $line->get('add');
        if ($line->get('restart') !== null) {
            $kept = $this->batch->snapshot();
            $saved = $this->session->snapshot();
            $this->begin();
            $this->session->restore($saved);
            Mismatch::unlessSame('restart', (string) $line->get('restart'), (string) $this->batch->resume($kept, $now));
        } elseif ($add !== null) {
            self::is($line, $this->batch->add($add->said('key'), $add->number('since') ?? $now, $now));
        } elseif ($line->get('hint') !== null) {
            self::is($line, $this->batch->hint($line->said('hint'), $now));
        } elseif ($line->get('step') !== null) {
            self::sameStep($line->get('step'), $this->batch->step($now, Player::entropy($line, $at)));
        } else {
            Player::answer($this->batch, $line, $now);
        }
    }

    private static function is(Exact $line, bool $said): void
    {
        Mismatch::unlessSame('is', (string) $line->get('is'), $said ? 'true' : 'false');
    }

    private function sameProgress(Exact $expected): void
    {
        $ours = [];
        foreach ((array) $this->batch->progress() as $name => $figure) {
            $ours[strtolower(preg_replace('/[A-Z]/', '_$0', $name))] = $figure;
        }
        Player::sameMembers($expected, Exact::parse(json_encode($ours, JSON_THROW_ON_ERROR)), 'progress');
    }

    private static function sameStep(Exact $expected, Step $step): void
    {
        if ($step instanceof Step\Send) {
            Player::sameRequest(Player::only($expected, 'send', 'a send'), $step->request);
        } elseif ($step instanceof Step\Wait) {
            Mismatch::unlessSame('wait', Player::only($expected, 'wait', 'a wait')->token(), (string) $step->until);
        } elseif ($step instanceof Step\Idle) {
            Player::only($expected, 'idle', 'nothing to do');
        } elseif ($step instanceof Step\Event) {
            $theirs = Player::only($expected, 'event', "the event {$step->kind}");
            $told = ['kind' => $step->kind, 'keys' => $step->keys, 'rows' => $step->rows];
            foreach ($told as $name => $ours) {
                Mismatch::unlessSame($name, serialize(Player::plain($theirs->get($name) ?? Exact::null())), serialize($ours));
            }
            if ($theirs->get('error') !== null) {
                $failure = $step->failure ?? throw new Mismatch('an error must come with it');
                Player::sameError($theirs->get('error'), $failure->exception());
            }
        } else {
            throw new Mismatch($step::class . ' came');
        }
    }
}
