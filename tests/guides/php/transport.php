<?php

require getenv('GUIDES') . '/php/host.php';

use Nnopen\Client;

// BLOCK
