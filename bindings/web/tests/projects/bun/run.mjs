import { execFileSync } from 'node:child_process';

execFileSync('node_modules/@oven/bun-linux-x64/bin/bun', ['main.js'], { stdio: 'inherit' });
