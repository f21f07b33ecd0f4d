// The ESM door: the same CommonJS build behind it.
export * from './index.js';
