/** Runs plans for the command line. Only this package and those below it see Spark. */
package io.backdoorgrid.run;
