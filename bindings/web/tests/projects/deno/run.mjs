import { execFileSync } from 'node:child_process';

// Nothing is asked for but to read the package.
execFileSync('node_modules/@deno/linux-x64-glibc/deno', ['run', '--no-remote', '--node-modules-dir=manual', '--allow-read=.', 'main.js'], {
  stdio: 'inherit',
  env: { ...process.env, DENO_DIR: `${process.cwd()}/.deno`, DENO_NO_UPDATE_CHECK: '1' },
});
