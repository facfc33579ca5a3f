/** A barcode on a package from a scanner that types like a keyboard, a camera, or typed from below the code: (01)…(17)…(10)…. */
import { useState } from 'react';
import { api, CodeCamera, Notice, Row, ScanInput, Stack } from '../../../web/ui/index.ts';
import type { Scanned } from '../acts.ts';

/** What the server read off a code. @param stock address of the user's stock. @throws ApiFailure with a sentence */
export const readPackage = <S extends Scanned>(stock: string, code: string) =>
  api.get<S>(`${stock}/scan?code=${encodeURIComponent(code)}`);

interface Props<S> {
  stock: string;
  label: string;
  /** Beneath the field; without it the camera stands beside the field, as in the bar of a list. */
  hint?: string;
  onScan: (scanned: S) => void;
}

export function ScanPackage<S extends Scanned>({ stock, label, hint = '', onScan }: Props<S>) {
  const [error, setError] = useState('');
  const read = async (code: string) => {
    try {
      onScan(await readPackage<S>(stock, code));
      setError('');
      return true;
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      return false;
    }
  };
  const fields = (
    <>
      <ScanInput label={label} hint={hint} onRead={read} />
      <CodeCamera onRead={(text) => void read(text)} />
    </>
  );
  return (
    <Stack gap={8}>
      {hint === '' ? (
        <Row gap={8} align="end" wrap>
          {fields}
        </Row>
      ) : (
        fields
      )}
      {error && <Notice tone="danger" title={error} />}
    </Stack>
  );
}
