/** What a person who tries the demo province is shown: texts of cards to paste at reception. */
import { Failure } from '../../kernel/failure.ts';
import type { Module } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { sampleCards } from './cards.ts';
import { readProgress } from './progress.ts';
import { readDemoTables } from './tables.ts';

/** `GET /api/demo/cards` → `SampleCard[]`; 404 outside the demo province. Any signed-in person may ask. */
export const demoModule: Module = {
  name: 'demo',
  routes(app, kernel) {
    app.get('/api/demo/cards', async (request) => {
      kernel.gate.actorOf(request);
      const progress = kernel.settings.demo ? await readProgress(kernel.store) : null;
      if (!progress) {
        throw new Failure('not-found', 'Thẻ mẫu chỉ có trong tỉnh trình diễn.', {
          textEn: 'Sample cards exist only in the demo province.',
        });
      }
      return sampleCards(progress, vietnamDay(kernel.settings.now()), readDemoTables(kernel.content));
    });
  },
};
