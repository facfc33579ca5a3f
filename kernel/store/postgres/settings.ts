/** Settings of the embedded server: small at rest, durable, reachable only through a socket in its own folder. */

export interface ServerSettings {
  socketFolder: string;
  /** Connections that may be open at once. */
  connections: number;
}

/** `-c name=value` arguments of `postgres`. */
export function settingArguments(settings: ServerSettings): string[] {
  return Object.entries(settingsOf(settings)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function settingsOf({ socketFolder, connections }: ServerSettings): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    max_connections: String(connections),
    // An answered write is on disk. Never changed, not even in tests of speed.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    // Small at rest (the whole program stays under 350 MB), quick enough for a province on two cores.
    shared_buffers: '128MB',
    huge_pages: 'off',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    effective_cache_size: '1GB',
    wal_buffers: '8MB',
    max_wal_size: '1GB',
    min_wal_size: '80MB',
    checkpoint_timeout: '15min',
    wal_compression: 'on',
    // What waits to be backed up is held back so far; beyond it a whole backup begins anew, and the disk does not fill.
    max_slot_wal_keep_size: '8GB',
    random_page_cost: '1.1',
    jit: 'off',
    io_method: 'sync',
    max_worker_processes: '4',
    max_parallel_workers: '2',
    autovacuum_max_workers: '2',
    max_logical_replication_workers: '0',
    // A commit locks each resource it changes by name (advisory); bundles are large.
    max_locks_per_transaction: '256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_min_error_statement: 'panic',
    logging_collector: 'off',
  };
}
