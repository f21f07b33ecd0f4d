'use strict';

// Unit tests need neither root nor the addon; kernel and process tests need both.
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
  ],
};
const project = (name) => ({
  displayName: name,
  testEnvironment: 'node',
  modulePathIgnorePatterns: [
    '<rootDir>/test/bpf/out',
    '<rootDir>/bench/out',
    '<rootDir>/dist',
    '<rootDir>/build',
    '<rootDir>/.cache',
  ],
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform,
});

/** @type {import('jest').Config} */
module.exports = {
  projects: ['unit', 'kernel', 'process', 'package'].map(project),
};
