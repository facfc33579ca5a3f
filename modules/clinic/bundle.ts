/** A transaction Bundle put together step by step; one commit when it is sent. */
import { randomUUID } from 'node:crypto';
import type { Bundle, BundleEntry, Resource } from '../../kernel/fhir/types.ts';
import { versionOf } from './text.ts';

export interface Draft {
  /**
   * Adds a new resource. @returns its urn:uuid, to refer to it inside the Bundle
   * @param unless search of its type, asked inside the commit: what it finds is answered and nothing is created
   */
  create(resource: Resource, unless?: Record<string, string>): string;
  /** Adds the next version of a resource that was read; refused when someone else wrote since. */
  update(resource: Resource): void;
  bundle(): Bundle;
  isEmpty(): boolean;
}

export function draftBundle(): Draft {
  const entry: BundleEntry[] = [];
  return {
    create(resource, unless) {
      const fullUrl = `urn:uuid:${randomUUID()}`;
      const condition = unless ? { ifNoneExist: String(new URLSearchParams(unless)) } : {};
      entry.push({
        fullUrl,
        resource,
        request: { method: 'POST', url: resource.resourceType, ...condition },
      });
      return fullUrl;
    },
    update(resource) {
      const url = `${resource.resourceType}/${resource.id}`;
      entry.push({ resource, request: { method: 'PUT', url, ifMatch: `W/"${versionOf(resource)}"` } });
    },
    bundle: () => ({ resourceType: 'Bundle', type: 'transaction', entry }),
    isEmpty: () => entry.length === 0,
  };
}
