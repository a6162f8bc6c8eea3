/** The room for entries, of which there is one for all processes of a gateway. */
export interface EntryRoom {
  /** Resolves to null where so many bytes are reserved now, else to the number of entries that are in the way. */
  reserve(bytes: number): Promise<number | null>
  /** Ends a reservation: the entry with the id is kept, or (null) none is. */
  settle(bytes: number, id: string | null): void
}
