/** The plain tables that books and reports count from: each must compile, make a table and be named after its file. */
import { compileView, createTableSql, tableColumns, type ViewDefinition } from '../../engines/views/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { type Wrong, wrongIn } from './definitions.ts';

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
    names
      .filter((name) => !columns.includes(name))
      .map((name) => ({
        place: `index[${at}]`,
        text: `không có cột “${name}”`,
        textEn: `there is no column "${name}"`,
      })),
  );
}
