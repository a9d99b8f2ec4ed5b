import { fresh } from './order.mjs';

const params = fresh();

// BLOCK
