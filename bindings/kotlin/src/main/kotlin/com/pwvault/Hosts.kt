package com.pwvault
import com.pwvault.uniffi.Host
public class Hosts {
    internal fun announced(options: Any?): Any? = options
    internal fun adapter(): Host? = null
}
