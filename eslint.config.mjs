import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Which folders of lib/ a layer may import from (ARCHITECTURE.md draws it): imports point one way. */
const layers = {
  util: [],
  uapi: [],
  elf: [],
  btf: ['elf', 'native', 'util'],
  descriptor: ['elf', 'btf', 'uapi', 'util'],
  memory: ['btf', 'util'],
  native: ['uapi', 'util'],
  events: ['btf', 'memory', 'native', 'uapi', 'util'],
  runtime: ['btf', 'descriptor', 'memory', 'native', 'events', 'uapi', 'util'],
  subskeleton: ['btf', 'descriptor', 'memory', 'runtime', 'native', 'events', 'uapi', 'util'],
  linker: ['elf', 'btf', 'native', 'uapi', 'util'],
  compile: ['util'],
  codegen: ['elf', 'btf', 'descriptor', 'uapi', 'util'],
  cli: [
    'elf',
    'btf',
    'descriptor',
    'codegen',
    'compile',
    'linker',
    'memory',
    'native',
    'runtime',
    'uapi',
    'util',
  ],
};

const oneWay = Object.entries(layers).map(([layer, allowed]) => ({
  files: [`lib/${layer}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: Object.keys(layers)
              .filter((other) => other !== layer && !allowed.includes(other))
              .flatMap((other) => ['..', '../..', '../../..'].map((up) => `${up}/${other}/**`)),
            message: `lib/${layer} may import only from itself and ${allowed.join(', ') || 'nothing else'}.`,
          },
        ],
      },
    ],
  },
}));

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
    // The one gateway that makes code from text; it says why, and what may become text.
    files: ['lib/btf/codec/compile-text.ts'],
    rules: { '@typescript-eslint/no-implied-eval': 'off' },
  },
  ...oneWay,
  {
    // What is known of each function stands below what makes errors of it.
    files: ['lib/native/failure/operations/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: String.raw`^\.\./[^.]|^\.\./\.\./[^.]`,
              message: 'operations/ imports only uapi and itself.',
            },
          ],
        },
      ],
    },
  },
  {
    // What starts fast loads late: a command's code when it runs, the linker when somebody links.
    files: [
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
