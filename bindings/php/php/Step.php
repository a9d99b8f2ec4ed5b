<?php

declare(strict_types=1);

namespace Nnopen;

/** 现在该做什么：Send、Wait、Done · What the host is to do next. */
interface Step
{
}
