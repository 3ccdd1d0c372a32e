import path from 'node:path';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';

const validator = new HtmlValidate(
  new FileSystemConfigLoader({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:document', 'html-validate:a11y'],
    rules: {
      // Both spellings are valid HTML; the renderer's choice is not ours to police.
      'void-style': 'off',
      'attribute-boolean-style': 'off',
      'attribute-empty-style': 'off',
      'doctype-style': 'off',
      'no-trailing-whitespace': 'off',
      // HTML has allowed every id without spaces since 2014; Starlight's `_top` is one.
      'valid-id': ['error', { relaxed: true }],
      // A box that scrolls has to be a region; as a <section> it would be one of the text's.
      'prefer-native-element': ['error', { exclude: ['region'] }],
      // Everything comes from the site itself, and browsers refuse such files from disk.
      'require-sri': 'off',
    },
  }),
);

/** The HTML validator, over files of the built site. */
export const Validator = {
  /** What is invalid in one page, as `line: rule: message`. */
  async check(dist: string, file: string): Promise<string[]> {
    const { results } = await validator.validateFile(path.join(dist, file));
    return results.flatMap(({ messages }) =>
      messages.map(({ line, ruleId, message }) => `${line}: ${ruleId}: ${message}`),
    );
  },
};
