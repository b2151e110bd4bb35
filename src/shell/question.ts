import { History } from '../terminal/history.js';
import { LineEditor } from '../terminal/line-editor.js';
import type { Terminal } from '../terminal/terminal.js';

/** What was said to a question; `interrupted`: Ctrl-C. */
export type Confirmation = 'yes' | 'no' | 'interrupted';

/** Asks a question that is answered with yes or no. Anything but `y` and `yes` is no. */
export async function confirms(terminal: Terminal, question: string): Promise<Confirmation> {
  const editor = new LineEditor(terminal, History.open({ file: undefined, ignore: undefined }), {
    analyse: (text) => ({
      text,
      prompts: [`${question} (y/N) `],
      spans: [],
      isComplete: true,
      complete: (cursor) => ({ start: cursor, end: cursor, candidates: [] }),
    }),
  });
  const answer = await editor.read();
  if (answer.kind === 'interrupted') return 'interrupted';
  return answer.kind === 'text' && /^y(es)?$/i.test(answer.text.trim()) ? 'yes' : 'no';
}
