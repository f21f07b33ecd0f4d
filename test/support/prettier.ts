/** prettier with its default options; the standalone build, as jest cannot load the other one's ES modules. */
import * as estree from 'prettier/plugins/estree';
import * as markdown from 'prettier/plugins/markdown';
import * as typescript from 'prettier/plugins/typescript';
import { format } from 'prettier/standalone';

export const prettify = (text: string, parser: 'typescript' | 'markdown' = 'typescript'): Promise<string> =>
  format(text, { parser, plugins: [estree, markdown, typescript] });
