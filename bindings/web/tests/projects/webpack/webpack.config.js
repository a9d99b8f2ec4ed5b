import { copyFileSync, mkdirSync } from 'node:fs';

mkdirSync('dist', { recursive: true });
copyFileSync('index.html', 'dist/index.html');

export default {
  entry: './main.js',
  // A module is main.mjs else.
  output: { module: true, filename: '[name].js' },
  experiments: { outputModule: true },
  performance: { hints: false },
};
