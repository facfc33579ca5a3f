/** The browser's part: files of `dist/web`, compressed when they were built, and the page for every address of a screen. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../kernel/failure.ts';

const YEAR_MS = 31_536_000_000;
const OURS = /^\/(api|fhir|oauth2|cds-services|dicom-web|healthz|readyz|metrics|\.well-known)(\/|$)/;

/** @param folder absolute path of `dist/web`; without it only the interfaces are served */
export async function serveWeb(app: FastifyInstance, folder: string): Promise<void> {
  const built = existsSync(join(folder, 'index.html'));
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      preCompressed: true,
      index: false,
      cacheControl: false,
      setHeaders: (response, path) => {
        // Names under assets/ carry a hash of their content; everything else is asked again.
        const immutable = path.startsWith(join(folder, 'assets'));
        response.header(
          'Cache-Control',
          immutable ? `public, max-age=${YEAR_MS / 1000}, immutable` : 'no-cache',
        );
      },
    });
    app.get('/', (_request, reply) => reply.sendFile('index.html'));
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!;
    const isScreen =
      !OURS.test(path) &&
      !path.startsWith('/assets/') &&
      // Ids of resources may hold a dot: what a browser opens as a page is a screen, what a page asks for is a file.
      (!/\.[a-z0-9]+$/i.test(path) || (request.headers.accept ?? '').includes('text/html')) &&
      (request.method === 'GET' || request.method === 'HEAD');
    if (built && isScreen) return reply.sendFile('index.html');
    throw new Failure('not-found', `Không có địa chỉ "${path}".`, {
      textEn: `There is nothing at "${path}".`,
    });
  });
}
