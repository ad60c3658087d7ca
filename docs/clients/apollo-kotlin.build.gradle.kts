// Apollo Kotlin for the owner app. For the butler app put "butler" in place of "owner".
// src/main/graphql/owner/ holds two files: schema.graphqls, a copy of this repository's schema.graphql, and
// owner.graphql, the documents that the app sends, a copy of tests/clients/owner.graphql.

plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.android")
    id("com.apollographql.apollo") version "4.0.0"
}

dependencies {
    implementation("com.apollographql.apollo:apollo-runtime:4.0.0")
    implementation("com.apollographql.apollo:apollo-normalized-cache-sqlite:4.0.0")
    implementation("com.apollographql.adapters:apollo-adapters-kotlinx-datetime:0.0.4")
    implementation("org.jetbrains.kotlinx:kotlinx-datetime:0.6.1")
}

apollo {
    service("owner") {
        packageName.set("com.example.owner.api")
        srcDir("src/main/graphql/owner")

        // An instant, a day, and a month as text ("2026-11").
        mapScalar("DateTime", "kotlinx.datetime.Instant", "com.apollographql.adapter.datetime.KotlinxInstantAdapter")
        mapScalar("Date", "kotlinx.datetime.LocalDate", "com.apollographql.adapter.datetime.KotlinxLocalDateAdapter")
        mapScalarToKotlinString("Month")

        // Lists of values grow: each enum becomes a class with an UNKNOWN__ for what this build does not know.
        sealedClassesForEnumsMatching.set(listOf(".*"))
        warnOnDeprecatedUsages.set(true)
    }
}
