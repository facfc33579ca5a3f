/** The guide to the profiles, made of the content: an index, a page a profile, one page for all extensions. Pure. */
import type { Content } from '../../../kernel/content/content.ts';
import { type ContentProfile, profilesOf, validityOf } from '../../../kernel/content/profiles.ts';
import { type BadExample, type Examples, examplesOf } from './examples.ts';
import { cardinalityOf, elementsIn, type Rule, rulesOf } from './rules.ts';

const EXTENSIONS = 'extensions';
const SEVERITY = { error: 'lỗi', warning: 'nhắc' } as const;
const GENERATED = '<!-- Made by: node content/convert/profiles.ts. Change content/profiles/ instead. -->';

/** Name of the page in docs/profiles → its text. */
export function guidePages(content: Content): Record<string, string> {
  const profiles = profilesOf(content);
  const extensions = profiles.filter(({ type }) => type === 'Extension');
  const others = profiles.filter(({ type }) => type !== 'Extension');
  const page = (profile: ContentProfile) =>
    lines('\n', GENERATED, profileText(profile, examplesOf(content, profile.id), '#', true));
  const all = extensions.map((one) => profileText(one, examplesOf(content, one.id), '##', false));
  return {
    'README.md': indexText(others, extensions),
    ...Object.fromEntries(others.map((profile) => [`${profile.id}.md`, page(profile)])),
    [`${EXTENSIONS}.md`]: lines('\n', GENERATED, '# Phần mở rộng (Extensions)', EXTENSION_INTRO, ...all),
  };
}

const EXTENSION_INTRO = `Những điều mà FHIR R4 không có chỗ ghi. Mỗi phần mở rộng được kiểm theo định nghĩa của nó **trong mọi lần ghi**, kể cả khi tài
nguyên không khai \`meta.profile\`. Ví dụ đúng nằm ở trang của hồ sơ mẫu chứa nó, hoặc ngay ở đây khi chưa có hồ sơ mẫu nào của loại tài nguyên đó.`;

function indexText(profiles: ContentProfile[], extensions: ContentProfile[]): string {
  const row = ({ id, type, title, description }: ContentProfile, at: string) =>
    `| [${title}](${at}) | \`${id}\` | ${type} | ${cell(String(description))} |`;
  const head = '| Hồ sơ mẫu (Profile) | Mã (Id) | Loại (Type) | Nói gì (What it holds) |\n|---|---|---|---|';
  return lines(
    '\n',
    GENERATED,
    '# Hồ sơ mẫu FHIR của Y Bạ (Profiles)',
    INTRO,
    '## Danh sách (List)',
    [head, ...profiles.map((one) => row(one, `${one.id}.md`))].join('\n'),
    [
      '| Phần mở rộng (Extension) | Mã (Id) | Đặt ở (Context) | Nói gì (What it holds) |\n|---|---|---|---|',
      ...extensions.map((one) =>
        row({ ...one, type: contextsOf(one).join(', ') }, `${EXTENSIONS}.md#${one.id}`),
      ),
    ].join('\n'),
  );
}

const INTRO = `Hồ sơ mẫu (profile) nói một tài nguyên gửi tới tỉnh phải có gì, ngoài những điều FHIR R4 đã buộc. Trang này và các trang con làm ra từ
\`content/profiles/\`, chính là dữ liệu mà máy chủ dùng để kiểm.

## Cách dùng (How to use)

1. Tải định nghĩa: \`GET /fhir/StructureDefinition?url=http://yba.vn/fhir/StructureDefinition/cong-dan\`.
2. Thử một tài nguyên mà không lưu: \`POST /fhir/Patient/$validate?profile=http://yba.vn/fhir/StructureDefinition/cong-dan\`.
3. Khai trong tài nguyên để máy chủ kiểm mỗi lần ghi: \`"meta": {"profile": ["http://yba.vn/fhir/StructureDefinition/cong-dan"]}\`. Không khai thì chỉ
   kiểm theo FHIR R4 và theo định nghĩa của các phần mở rộng.
4. Đọc trả lời: \`OperationOutcome.issue[]\` nói chỗ sai (\`expression\`), điều phải sửa bằng tiếng Việt (\`details.text\`) và tiếng Anh (\`diagnostics\`); lỗi
   của một quy tắc bắt đầu bằng mã của nó, ví dụ \`yba-cccd-1\`.

## Quy ước (Conventions)

- **lỗi** (error): máy chủ không lưu, trả 422. **nhắc** (warning): vẫn lưu; \`$validate\` nói ra để người gửi xem lại.
- Mỗi quy tắc có lý do và nguồn. Chữ trong ngoặc vuông nói nguồn chắc tới đâu: **[văn bản]** đã đọc trong văn bản hoặc phụ lục; **[thứ cấp]** theo bản
  chép, bản tóm tắt hoặc phần mềm đang chạy; **[chưa kiểm chứng]** theo trí nhớ; **[quy ước]** quy ước của Y Bạ.
- Định nghĩa có ngày hiệu lực (phần mở rộng \`resource-effectivePeriod\`). Luật đổi thì thêm một định nghĩa mới bắt đầu từ ngày luật có hiệu lực; hồ sơ
  cũ không phải sửa.
- Số trong ví dụ thuộc dải dành cho dữ liệu thử: số định danh bắt đầu bằng 099, số BHXH bắt đầu bằng 00.`;

function profileText(profile: ContentProfile, examples: Examples, level: string, whole: boolean): string {
  const rules = rulesOf(profile);
  const { start, end } = validityOf(profile);
  const held = `${start ? `từ ${start}` : 'luôn'}${end ? ` đến hết ${end}` : ''}`;
  // Of an extension or a data type the good example stands at the profile that has it, if there is one.
  const holdsGood = examples.against === undefined || examples.against === profile.id;
  const context = whole ? profile.type : contextsOf(profile).join(', ');
  return lines(
    '\n',
    ...(whole ? [] : [`<a id="${profile.id}"></a>`]),
    `${level} ${profile.title} (${englishTitle(profile)})`,
    `\`${profile.url}\` · ${context} · phiên bản ${profile.version} · hiệu lực ${held}`,
    String(profile.description),
    ...(whole ? [`${level}# Các phần (Elements)`, elementTable(profile)] : []),
    `${level}# Quy tắc (Rules)`,
    ruleTable(rules),
    ...(holdsGood
      ? [
          `${level}# Ví dụ đúng (A right one)`,
          `\`\`\`json\n${JSON.stringify(examples.good, null, 2)}\n\`\`\``,
        ]
      : []),
    `${level}# Ví dụ sai (Wrong ones)`,
    ...(holdsGood ? [] : [`Sửa từ ví dụ đúng của [\`${examples.against}\`](${examples.against}.md).`]),
    badTable(examples.bad),
  );
}

function englishTitle({ _title }: ContentProfile): string {
  const [translation] = (_title as { extension: { extension: { url: string; valueString?: string }[] }[] })
    .extension;
  return translation!.extension.find(({ url }) => url === 'content')!.valueString!;
}

function contextsOf({ context }: ContentProfile): string[] {
  return ((context ?? []) as { expression: string }[]).map(({ expression }) => expression);
}

/** What each element is for; slices under their element. */
function elementTable(profile: ContentProfile): string {
  const rows = elementsIn(profile)
    .filter(({ short, path }) => short !== undefined && path !== profile.type)
    .map((element) => {
      const place = element.id.slice(profile.type.length + 1);
      const words = `${cell(element.short!)} | ${cell(element.alias?.join('; ') ?? '')}`;
      return `| \`${place}\` | ${cardinalityOf(element, profile)} | ${words} |`;
    });
  return ['| Phần (Element) | Số lần (How often) | Là gì | In English |', '|---|---|---|---|', ...rows].join(
    '\n',
  );
}

function ruleTable(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, kind, element, severity, text, why }) => {
    const name = kind === 'constraint' ? `\`${id}\`` : '';
    return `| ${name} | \`${element.id}\` | ${SEVERITY[severity]} | ${cell(text)} | ${cell(why)} |`;
  });
  return [
    '| Mã (Key) | Ở đâu (Where) | Mức | Quy tắc (Rule) | Lý do và nguồn (Why) |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function badTable(bad: readonly BadExample[]): string {
  const rows = bad.map(({ rule, patch, issues }) => {
    const said = issues.map(
      ({ severity, key, expression }) =>
        `${SEVERITY[severity]}${key ? ` \`${key}\`` : ''} tại \`${expression}\``,
    );
    return `| ${cell(patch.map(inWords).join('; '))} | \`${rule}\` | ${cell(said.join('; '))} |`;
  });
  return ['| Làm sai (Change) | Quy tắc (Rule) | Máy chủ báo (Told) |', '|---|---|---|', ...rows].join('\n');
}

const SHOWN = 160;

function inWords({ op, path, value }: BadExample['patch'][number]): string {
  const place = path
    .slice(1)
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
    .replace(/\.-$/, '');
  if (op === 'remove') return `bỏ \`${place}\``;
  const text = JSON.stringify(value);
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return op === 'add' ? `thêm vào \`${place}\`: \`${shown}\`` : `\`${place}\` là \`${shown}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function lines(between: string, ...parts: string[]): string {
  return `${parts.map((part) => part.trimEnd()).join(`\n${between}`)}\n`;
}
