/** The machine and the cluster: devices, Spark sessions, versions. */
package io.backdoorgrid.run.host;
