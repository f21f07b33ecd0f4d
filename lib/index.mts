// The ESM door: the same CommonJS build behind it, so that a class is the same class on both sides.
export * from './index.js';
