import path from 'node:path';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';

const validator = new HtmlValidate(
  new FileSystemConfigLoader({
    root: true,
    extends: ['html-validate:standard'],
    rules: {
      // Both spellings are valid HTML; the renderer's choice is not ours to police.
      'void-style': 'off',
      'attribute-boolean-style': 'off',
      'doctype-style': 'off',
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
