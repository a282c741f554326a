// Package carry moves a whole shop from one store of this module into another: from a file to PostgreSQL, back, or from
// one file or database to the next.
//
// Nothing is moved that is not described: Tables lists every table with every column, and what it holds. A store holds
// that description against its real schema before it gives or takes a row, and refuses when a table or a column is
// missing in either, so that what a later migration adds cannot be forgotten. What a store makes of other rows by itself,
// such as what lists show, is not moved but made anew.
//
// Values travel in one form, whatever the store: NULL as nil, whole numbers as int64, truths as 0 and 1, times as
// microseconds since 1970, ids as their public text, structures and lists as JSON with sorted keys, credentials and
// content as bytes. So the same row has the same digest in every store, and after the rows are written they are read back
// and their digests compared, before anything of it becomes true.
package carry
