<?php

require getenv('GUIDES') . '/php/host.php';

// BLOCK
