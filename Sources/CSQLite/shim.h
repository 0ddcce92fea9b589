#include <sqlite3.h>

/// Whether closing the last connection folds the write-ahead log into the database and removes it.
///
/// sqlite3_db_config is variadic, which Swift cannot call.
static inline int tidegate_sqlite_fold_on_close(sqlite3 *connection, int folds) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !folds, (int *)0);
}
