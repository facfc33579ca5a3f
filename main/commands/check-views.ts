/** The plain tables that books and reports count from: each must compile, make a table and be named after its file. */
import { compileView, createTableSql, tableColumns, type ViewDefinition } from '../../engines/views/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import {
  anything,
  flag,
  later,
  listOf,
  members,
  namedBy,
  oneOf,
  type Shape,
  text,
} from '../../kernel/content/shape.ts';
import { type Wrong, wrongIn } from './definitions.ts';

const column = members({ name: text, path: text }, { type: text, collection: flag, description: text });
const select: Shape = members(
  {},
  {
    column: listOf(column),
    select: listOf(later(() => select)),
    unionAll: listOf(later(() => select)),
    forEach: text,
    forEachOrNull: text,
    repeat: listOf(text),
  },
);
/** SQL on FHIR v2, and `index`, which is ours. */
const viewShape = members(
  { resourceType: oneOf('ViewDefinition'), name: text, resource: text, select: listOf(select) },
  {
    url: text,
    title: text,
    status: text,
    description: text,
    publisher: text,
    fhirVersion: listOf(text),
    constant: listOf(namedBy(anything)),
    where: listOf(members({ path: text }, { description: text })),
    index: listOf(listOf(text)),
  },
);

/** Columns that every table has. */
const OF_ALL = ['resource_key', 'person', 'sec'];

/** Every fault of `views/*.json` with its file. @param concerns which files are looked at; all when absent */
export function checkViews(content: Content, concerns = (_file: string) => true): Wrong[] {
  return content
    .files('views')
    .filter((name) => name.endsWith('.json') && concerns(`views/${name}`))
    .flatMap((name) => wrongIn(`views/${name}`, () => viewFaults(content, name.slice(0, -'.json'.length))));
}

function viewFaults(content: Content, own: string): { place: string; text: string; textEn: string }[] {
  const view = content.json<ViewDefinition>(`views/${own}`);
  const faults = viewShape(view, '');
  if (faults.length > 0) return faults;
  if (view.name !== own)
    return [
      {
        place: 'name',
        text: `bảng tên “${view.name}” nhưng tệp tên “${own}”: hai tên phải giống nhau`,
        textEn: `the view is called "${view.name}", its file "${own}"`,
      },
    ];
  compileView(view);
  createTableSql(view);
  const columns = [...OF_ALL, ...tableColumns(view).map(({ name }) => name)];
  return (view.index ?? []).flatMap((names, at) =>
    (names.length === 0 ? [''] : names)
      .filter((name) => !columns.includes(name))
      .map((name) => ({
        place: `index[${at}]`,
        text: `không có cột “${name}”`,
        textEn: `there is no column "${name}"`,
      })),
  );
}
