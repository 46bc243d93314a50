package com.pwvault.store

import com.pwvault.Adapter
import com.pwvault.Hosts
import com.pwvault.Library
import com.pwvault.guarded
import com.pwvault.uniffi.storeConformance

/** The suite that every store must pass. */
public object Conformance {
    /**
     * What of its contract a store does not keep, a text for each rule; empty when it keeps all of it. Takes some
     * seconds, calls from several threads, and leaves records of fresh vaults behind.
     */
    @JvmStatic
    public fun check(store: Store): List<String> {
        Library.check()
        return guarded { storeConformance(Adapter(Hosts(store = store))) }
    }
}
