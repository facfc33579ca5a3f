/** A table as it leaves the house: the same answer as CSV and as a spreadsheet, and the cells of its grid. */
import type { FastifyInstance, FastifyRequest, RouteGenericInterface } from 'fastify';
import { type Grid, type GridCell, numberText, xlsx } from '../../engines/reports/index.ts';

export interface TableFile<Answer> {
  /** Name of the file without its ending, plain letters. */
  name(answer: Answer): string;
  csv(answer: Answer): string;
  grid(answer: Answer): Grid;
  /** Name of the sheet. */
  code(answer: Answer): string;
}

/** `<path>.csv` and `<path>.xlsx`. @param answerOf makes the answer, after it has looked who asks */
export function tableFileRoutes<Asked extends RouteGenericInterface, Answer>(
  app: FastifyInstance,
  path: string,
  answerOf: (request: FastifyRequest<Asked>) => Promise<Answer>,
  file: TableFile<Answer>,
): void {
  const attached = (answer: Answer, ending: string) =>
    `attachment; filename="${file.name(answer)}.${ending}"`;
  app.get(`${path}.csv`, async (request, reply) => {
    const answer = await answerOf(request as unknown as FastifyRequest<Asked>);
    reply.type('text/csv; charset=utf-8').header('content-disposition', attached(answer, 'csv'));
    return file.csv(answer);
  });
  app.get(`${path}.xlsx`, async (request, reply) => {
    const answer = await answerOf(request as unknown as FastifyRequest<Asked>);
    reply
      .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
      .header('content-disposition', attached(answer, 'xlsx'));
    return xlsx(file.grid(answer), file.code(answer));
  });
}

export const tableCell = (text: string, kind: GridCell['kind'], more: Partial<GridCell> = {}): GridCell => ({
  text,
  across: 1,
  down: 1,
  kind,
  ...more,
});

/** A number, or why there is none. */
export const numberCell = (value: number | null, decimals: number, why = ''): GridCell =>
  value === null
    ? tableCell(why, 'text')
    : tableCell(numberText(value, decimals), 'number', { number: value, decimals });

/** A number in a file of numbers: a point, no grouping; '' = none. */
export const plainNumber = (value: number | null): string => (value === null ? '' : String(value));
