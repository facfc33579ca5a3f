/** What is wrong with the words of reminders: they go to telephones, so a slip is told before the first one is sent. Pure. */
import { programmeVersions } from '../../../engines/programmes/index.ts';
import type { Content, Row } from '../../../kernel/content/content.ts';
import { REMINDED } from './compose.ts';

export interface WordsFault {
  /** `messages/reminders tang-huyet-ap overdue vi`. */
  where: string;
  text: string;
  textVi: string;
}

const PARTS = ['{don-vi}', '{ten}', '{ngay}'];
const LANGUAGES = ['vi', 'en'];
/** Four parts of an SMS with Vietnamese letters: longer ones are cut or refused. */
const LONGEST = 268;

export function checkReminders(content: Content): WordsFault[] {
  const programmes = new Set(['*', ...programmeVersions(content).map(({ key }) => key)]);
  return content.table('messages/reminders').flatMap((row) => rowFaults(row, programmes));
}

function rowFaults(row: Row, programmes: ReadonlySet<string>): WordsFault[] {
  const { programme = '', list = '', language = '', text = '' } = row;
  const where = `messages/reminders ${programme} ${list} ${language}`;
  const lists: string[] = ['*', ...REMINDED];
  const unknown = (text.match(/\{[^}]*\}?/g) ?? []).filter((part) => !PARTS.includes(part));
  const wrong: [boolean, string, string][] = [
    [
      !programmes.has(programme),
      `there is no programme "${programme}"`,
      `không có chương trình “${programme}”`,
    ],
    [
      !lists.includes(list),
      `list must be one of ${lists.join(', ')}`,
      `cột list phải là một trong: ${lists.join(', ')}`,
    ],
    [
      !LANGUAGES.includes(language),
      `language must be one of ${LANGUAGES.join(', ')}`,
      `cột language phải là ${LANGUAGES.join(' hoặc ')}`,
    ],
    [text.trim() === '', 'has no text', 'thiếu lời nhắn (cột text)'],
    [
      unknown.length > 0,
      `${unknown.join(' ')} is not filled in; what is: ${PARTS.join(' ')}`,
      `không ai điền vào ${unknown.join(' ')}; chỉ có ${PARTS.join(' ')}`,
    ],
    [
      text.length > LONGEST,
      `is longer than ${LONGEST} letters: a message would be cut`,
      `dài hơn ${LONGEST} chữ: tin nhắn sẽ bị cắt`,
    ],
  ];
  return wrong.filter(([is]) => is).map(([, said, saidVi]) => ({ where, text: said, textVi: saidVi }));
}
