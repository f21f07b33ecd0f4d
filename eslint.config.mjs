import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';
import layersPlugin from './scripts/eslint-layers.cjs';
import layers from './scripts/layers.cjs';

export default tseslint.config(
  {
    ignores: [
      'dist',
      'build',
      'build-*',
      '.cache',
      'coverage',
      'deps',
      'node_modules',
      'test/bpf/golden',
      'test/bpf/out',
      '**/out',
      'packages/*/dist',
      'packages/*/src/generated',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    // Examples import what is generated for them; building them type-checks them.
    files: ['test/**/*.ts', 'bench/**/*.ts', 'examples/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Tests look at dynamic shapes, and at methods with the wrong receiver, on purpose.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // A worker is told where the package is.
    files: ['test/process/**/scripts/*.ts'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // The one gateway that makes code from text; it says why, and what may become text.
    files: ['lib/btf/codec/text/compile-text.ts'],
    rules: { '@typescript-eslint/no-implied-eval': 'off' },
  },
  {
    files: ['lib/**/*.ts'],
    plugins: { layers: layersPlugin.plugin },
    rules: { 'layers/one-way': ['error', { layers }], 'layers/no-circle': 'error' },
  },
  {
    // What starts fast loads late: a command's code when it runs, the linker when somebody links.
    files: [
      'lib/cli/build-steps/outputs.ts',
      'lib/cli/catalogue.ts',
      'lib/cli/commands/inspect.ts',
      'lib/cli/run.ts',
      'lib/codegen/generate.ts',
      'lib/linker/index.ts',
      'lib/native/load/load.ts',
    ],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    languageOptions: {
      globals: {
        require: 'readonly',
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
        __dirname: 'readonly',
        __filename: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        URL: 'readonly',
      },
    },
  },
);
