/** The plain tables that books and reports count from: each must compile and be named after its file. */
import { compileView, type ViewDefinition } from '../../engines/views/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';

/** Every fault of `views/*.json` with its file. */
export function checkViews(content: Content): { where: string; text: string; textVi: string }[] {
  return content
    .files('views')
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const own = name.slice(0, -'.json'.length);
      const view = content.json<ViewDefinition>(`views/${own}`);
      if (view.name !== own)
        return [
          {
            where: `views/${name} name`,
            text: `the view is called "${view.name}", its file "${own}"`,
            textVi: `bảng tên “${view.name}” nhưng tệp tên “${own}”: hai tên phải giống nhau`,
          },
        ];
      try {
        compileView(view);
        return [];
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        return [
          { where: `views/${name}`, text: error.message, textVi: error.issues[0]?.text ?? error.message },
        ];
      }
    });
}
