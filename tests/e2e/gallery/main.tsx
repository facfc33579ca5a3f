/** Every part of the kit on pages of their own, for the browser tests and their pictures. Not part of the product. */
import { type ComponentType, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { useConnection } from '../../../web/ui/data/connection.ts';
import { signedIn, useSession } from '../../../web/ui/data/session.ts';
import { Toasts } from '../../../web/ui/feedback/toast.tsx';
import { KeyStrip, useKeyboard } from '../../../web/ui/keys/keys.tsx';
import { type Theme, UiProvider } from '../../../web/ui/provider.tsx';
import { useAddress } from '../../../web/ui/route/route.ts';
import { ConflictPage } from './conflict.tsx';
import { FieldsPage } from './fields.tsx';
import { FormPage } from './form.tsx';
import { ListPage } from './list.tsx';
import { PersonPage } from './person.tsx';
import { SayingPage } from './saying.tsx';
import { WallPage } from './wall.tsx';

const pages: Record<string, ComponentType> = {
  '/fields': FieldsPage,
  '/form': FormPage,
  '/list': ListPage,
  '/person': PersonPage,
  '/saying': SayingPage,
  '/conflict': ConflictPage,
  '/wall': WallPage,
};

function Gallery() {
  useKeyboard();
  const { path, query } = useAddress();
  const Shown = pages[path] ?? FieldsPage;
  const session = useSession();
  const connection = useConnection();
  const [ready, setReady] = useState(false);
  useEffect(() => {
    signedIn({
      id: 'nv-1',
      name: 'Nguyễn Thị Thử',
      roles: ['nurse'],
      unit: 'cs-25D01',
      unitName: 'Trạm Y tế Thử',
      demo: true,
    });
    setReady(true);
  }, []);
  return (
    <UiProvider theme={(new URLSearchParams(query).get('theme') as Theme) ?? 'light'}>
      <main style={{ height: '100%', display: 'grid', gridTemplateRows: 'minmax(0,1fr) auto' }}>
        <div style={{ overflow: 'auto' }}>{ready && <Shown />}</div>
        <KeyStrip label="Phím dùng được" />
      </main>
      <output className="yb-hidden" data-connection={connection} data-session={session.state} />
      <Toasts />
    </UiProvider>
  );
}

createRoot(document.getElementById('root')!).render(<Gallery />);
