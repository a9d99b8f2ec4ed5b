<?php

// BLOCK
