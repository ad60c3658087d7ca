// graphql-codegen for the three apps: types and typed documents, with what the scalars are in TypeScript. `OUT` says where to.

import { APPS } from './documents.js';

const scalars = { DateTime: 'string', Date: 'string', Month: 'string', ID: { input: 'string', output: 'string' } };

export const config = (out) => ({
  schema: '../../../schema.graphql',
  generates: Object.fromEntries(APPS.map((app) => [
    `${out}/${app}.ts`,
    {
      documents: `../${app}.graphql`,
      plugins: ['typescript', 'typescript-operations', 'typed-document-node'],
      config: { scalars, strictScalars: true, useTypeImports: true, enumsAsTypes: true, dedupeFragments: true },
    },
  ])),
});

export default config(process.env.OUT ?? 'generated');
