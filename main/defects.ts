/** What happens to a defect that nobody caught. */
import { tellOperator } from './commands/command.ts';

/** A request that fails in an unforeseen way is logged; the others go on. */
export function surviveDefects(): void {
  process.on('unhandledRejection', (error) => tellOperator('unhandled rejection', error));
  process.on('uncaughtException', (error) => tellOperator('uncaught exception', error));
}
