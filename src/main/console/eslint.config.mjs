import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig({ ignores: ['node_modules'] }, tseslint.configs.strictTypeChecked, {
  languageOptions: {
    parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
  },
  rules: {
    // The runner itself waits for a test.
    '@typescript-eslint/no-floating-promises': [
      'error',
      {
        allowForKnownSafeCalls: [
          {
            from: 'package',
            package: 'node:test',
            name: ['test', 'before', 'after', 'afterEach', 'beforeEach'],
          },
        ],
      },
    ],
    // Numbers in messages are line numbers, sizes and ids: they print as one expects.
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    // An event's handler may be async: what it throws is shown by what it calls.
    '@typescript-eslint/no-misused-promises': [
      'error',
      { checksVoidReturn: { attributes: false } },
    ],
    '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    // Names, errors and values come from models: they are text, never markup.
    'no-restricted-syntax': [
      'error',
      { selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]', message: 'Text only.' },
      { selector: 'MemberExpression[property.name=/^(inner|outer)HTML$/]', message: 'Text only.' },
    ],
  },
});
