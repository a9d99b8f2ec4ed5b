import { copyFileSync, mkdirSync } from 'node:fs';

mkdirSync('dist', { recursive: true });
copyFileSync('index.html', 'dist/index.html');

export default {
  entry: './main.js',
  output: { module: true },
  experiments: { outputModule: true },
  performance: { hints: false },
};
