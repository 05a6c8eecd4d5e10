-- grantor_store::apps::BY_ID
SELECT a.id, a.owner_id, a.name, a.url, a.kind, a.icon, a.redirect_uris, a.implicit_at, a.stateless_at,
            a.pkce_required_at, a.resource_server_at, a.verified_at, s.suspended_at, a.created_at, a.changed_at,
            a.without_pkce_at, a.suspended_at, a.suspended_for, a.registration, a.registration_token, a.revision,
            a.registered_itself
        FROM apps a JOIN app_standing s ON s.id = a.id WHERE a.id = ?1 AND a.deleted_at IS NULL
-- grantor_store::apps::SECRETS
SELECT id, digest, expires_at, hint, created_at, last_used_at, sealed
        FROM client_secrets WHERE app_id = ?1 ORDER BY id DESC
-- grantor_store::apps::OF_OWNER
SELECT id FROM apps WHERE owner_id = ?1 AND deleted_at IS NULL ORDER BY created_at
-- grantor_store::apps::LIST
SELECT id FROM apps WHERE id > ?1 AND deleted_at IS NULL ORDER BY id LIMIT ?2
-- grantor_store::apps::ADD
INSERT INTO apps (id, owner_id, name, url, kind, icon, redirect_uris, implicit_at, stateless_at,
            pkce_required_at, resource_server_at, created_at, changed_at, registration)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?14
        WHERE (SELECT COUNT(*) FROM apps WHERE owner_id = ?2 AND deleted_at IS NULL) < ?13
-- grantor_store::apps::EDIT
UPDATE apps SET name = ?2, url = ?3, kind = ?4, icon = ?5, redirect_uris = ?6,
            implicit_at = CASE WHEN ?7 = 0 THEN NULL ELSE COALESCE(implicit_at, ?10) END,
            stateless_at = CASE WHEN ?8 = 0 THEN NULL ELSE COALESCE(stateless_at, ?10) END,
            pkce_required_at = CASE WHEN ?9 = 0 THEN NULL ELSE COALESCE(pkce_required_at, ?10) END,
            changed_at = CASE WHEN ?11 = 0 THEN changed_at ELSE ?10 END, registration = ?13,
            verified_at = CASE WHEN ?11 = 0 THEN verified_at ELSE NULL END, revision = revision + 1
        WHERE id = ?1 AND owner_id = ?12 AND revision = ?14 AND deleted_at IS NULL
-- grantor_store::apps::DELETE
UPDATE apps SET deleted_at = ?3 WHERE id = ?1 AND owner_id = ?2 AND deleted_at IS NULL
-- grantor_store::apps::DELETE_SECRETS
DELETE FROM client_secrets WHERE app_id = ?1
-- grantor_store::apps::TAKE_TURN
UPDATE apps SET changed_at = changed_at WHERE id = ?1 AND owner_id = ?2 AND deleted_at IS NULL
-- grantor_store::apps::ADD_SECRET
INSERT INTO client_secrets (id, app_id, digest, hint, created_at, sealed)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6
        WHERE (SELECT COUNT(*) FROM client_secrets WHERE app_id = ?2 AND (expires_at IS NULL OR expires_at > ?5)) < 2
-- grantor_store::apps::RETIRE_OLDER
UPDATE client_secrets SET expires_at = ?3
        WHERE app_id = ?1 AND id <> ?2 AND (expires_at IS NULL OR expires_at > ?3)
-- grantor_store::apps::DROP_EXPIRED
DELETE FROM client_secrets WHERE app_id = ?1 AND expires_at <= ?2
-- grantor_store::apps::REMOVE_SECRET
DELETE FROM client_secrets WHERE id = ?1 AND app_id = ?2
-- grantor_store::apps::SAW_NO_PKCE
UPDATE apps SET without_pkce_at = ?2 WHERE id = ?1
-- grantor_store::assertions::USE
INSERT INTO assertions (id, digest, expires_at) VALUES (?1, ?2, ?3) ON CONFLICT (digest) DO NOTHING
-- grantor_store::audit::RECORD
INSERT INTO audit_events (id, at, kind, user_id, app_id, address, request_id, detail, actor_id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
-- grantor_store::audit::NEWEST
SELECT MAX(at) FROM changes
        UNION ALL SELECT MAX(created_at) FROM keys
        UNION ALL SELECT at FROM (SELECT at FROM audit_events ORDER BY id DESC LIMIT 1) AS last
-- grantor_store::audit::OF_USER
SELECT id, at, kind, app_id, address, detail, actor_id FROM audit_events
        WHERE user_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3
-- grantor_store::changes::APPEND
INSERT INTO changes (at, kind, id) VALUES (?1, ?2, ?3)
-- grantor_store::changes::APPEND_ONCE
INSERT INTO changes (at, kind, id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING
-- grantor_store::changes::SINCE
SELECT seq, at, kind, id FROM changes WHERE seq > ?1 ORDER BY seq LIMIT ?2
-- grantor_store::changes::LATER
SELECT seq, at, kind, id FROM changes WHERE at > ?1 ORDER BY seq
-- grantor_store::codes::FIND
SELECT c.digest, c.user_id, c.app_id, c.grant_id, c.redirect_uri, c.challenge, c.scopes,
            c.expires_at, c.used_at, c.session_id, c.auth_time, c.level, c.id_claims, c.info_claims, c.nonce,
            COALESCE(g.ended_at, a.deleted_at), u.disabled_at, a.suspended_at,
            CASE WHEN s.id IS NULL OR s.expires_at <= ?2 THEN 0 ELSE s.ended_at END
        FROM codes c JOIN grants g ON g.id = c.grant_id JOIN users u ON u.id = c.user_id
            JOIN app_standing a ON a.id = c.app_id LEFT JOIN sessions s ON s.id = c.session_id
        WHERE c.id = ?1
-- grantor_store::codes::SPEND
UPDATE codes SET used_at = ?2 WHERE id = ?1 AND used_at IS NULL
-- grantor_store::codes::FOUND_FAMILY
INSERT INTO families (id, grant_id, user_id, app_id, scopes, newest, rotations, idle_until,
            session_id, auth_time, level, id_claims, info_claims, created_at)
        SELECT ?1, g.id, g.user_id, g.app_id, ?3, 0, '', ?4, ?5, ?6, ?7, ?8, ?9, ?11 FROM grants g
        JOIN users u ON u.id = g.user_id JOIN app_standing a ON a.id = g.app_id
        WHERE g.id = ?2 AND g.ended_at IS NULL AND u.disabled_at IS NULL
            AND a.suspended_at IS NULL AND a.deleted_at IS NULL
            AND (CAST(?10 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM sessions s WHERE s.id = ?10 AND s.ended_at IS NULL AND s.expires_at > ?11))
-- grantor_store::families::FIND
SELECT f.user_id, f.app_id, f.grant_id, f.scopes, f.newest, f.rotations, f.ended_at, f.idle_until,
            f.session_id, f.auth_time, f.level, f.id_claims, f.info_claims,
            COALESCE(g.ended_at, a.deleted_at), u.disabled_at, a.suspended_at,
            CASE WHEN s.id IS NULL OR s.expires_at <= ?2 THEN 0 ELSE s.ended_at END, f.created_at
        FROM families f JOIN grants g ON g.id = f.grant_id JOIN users u ON u.id = f.user_id
            JOIN app_standing a ON a.id = f.app_id LEFT JOIN sessions s ON s.id = f.session_id
        WHERE f.id = ?1
-- grantor_store::families::ROTATE
UPDATE families SET newest = ?2, rotations = ?3, idle_until = ?4
        WHERE id = ?1 AND newest = ?2 - 1 AND ended_at IS NULL
            AND (CAST(?5 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM sessions s WHERE s.id = ?5 AND s.ended_at IS NULL AND s.expires_at > ?6))
            AND EXISTS (SELECT 1 FROM grants g JOIN users u ON u.id = g.user_id JOIN app_standing a ON a.id = g.app_id
                WHERE g.id = families.grant_id AND g.ended_at IS NULL AND u.disabled_at IS NULL
                    AND a.suspended_at IS NULL AND a.deleted_at IS NULL)
-- grantor_store::families::END
UPDATE families SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL
-- grantor_store::families::STANDS
SELECT g.id FROM grants g JOIN users u ON u.id = g.user_id JOIN app_standing a ON a.id = g.app_id
        WHERE g.id = ?1 AND g.ended_at IS NULL AND u.disabled_at IS NULL
            AND a.suspended_at IS NULL AND a.deleted_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = ?2 AND c.kind = 'family')
            AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = ?3 AND c.kind = 'token')
            AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = ?5 AND c.kind = 'session')
            AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = g.app_id AND c.kind = 'app_suspended' AND c.at >= ?4)
            AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = g.user_id AND c.kind = 'user_disabled' AND c.at >= ?4)
-- grantor_store::grants::LIVE
SELECT g.id, g.scopes, g.approved_at FROM grants g JOIN apps a ON a.id = g.app_id
        WHERE g.user_id = ?1 AND g.app_id = ?2 AND g.ended_at IS NULL AND a.deleted_at IS NULL
-- grantor_store::grants::OF_USER
SELECT g.id, g.app_id, g.scopes, g.created_at, g.approved_at, g.last_used_at
        FROM grants g JOIN apps a ON a.id = g.app_id
        WHERE g.user_id = ?1 AND g.ended_at IS NULL AND a.deleted_at IS NULL ORDER BY g.id DESC
-- grantor_store::grants::CONNECTIONS
SELECT COUNT(*) FROM (SELECT id FROM grants WHERE app_id = ?1 AND ended_at IS NULL LIMIT 10000) AS live
-- grantor_store::grants::APPROVE
INSERT INTO grants (id, user_id, app_id, scopes, created_at, approved_at)
        SELECT ?1, u.id, a.id, ?4, ?5, ?5 FROM users u, app_standing a
        WHERE u.id = ?2 AND u.disabled_at IS NULL
            AND a.id = ?3 AND a.suspended_at IS NULL AND a.deleted_at IS NULL
        ON CONFLICT (user_id, app_id) WHERE ended_at IS NULL
        DO UPDATE SET scopes = ?6, approved_at = excluded.approved_at
        RETURNING id
-- grantor_store::grants::ADD_CODE
INSERT INTO codes (id, digest, grant_id, user_id, app_id, redirect_uri, challenge, scopes, expires_at,
            session_id, auth_time, level, nonce, id_claims, info_claims)
        SELECT ?1, ?2, g.id, g.user_id, g.app_id, ?5, ?6, ?7, ?8, ?10, ?11, ?12, ?13, ?14, ?15 FROM grants g
        JOIN users u ON u.id = g.user_id JOIN app_standing a ON a.id = g.app_id
        WHERE g.user_id = ?3 AND g.app_id = ?4 AND g.ended_at IS NULL AND g.id = COALESCE(?9, g.id)
            AND u.disabled_at IS NULL AND a.suspended_at IS NULL AND a.deleted_at IS NULL
-- grantor_store::grants::END
UPDATE grants SET ended_at = ?3 WHERE id = ?1 AND user_id = ?2 AND ended_at IS NULL
-- grantor_store::images::FIND
SELECT png FROM images WHERE digest = ?1
-- grantor_store::images::ADD
INSERT INTO images (digest, png, created_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (digest) DO UPDATE SET created_at = excluded.created_at
-- grantor_store::keys::ALL_KEYS
SELECT id, kind, sealed, created_at, active_at, retires_at FROM keys ORDER BY id
-- grantor_store::keys::ADD
INSERT INTO keys (id, kind, sealed, created_at, active_at)
        SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM keys WHERE kind = ?2 AND id >= ?1)
        ON CONFLICT (id) DO NOTHING
-- grantor_store::keys::RETIRE
UPDATE keys SET retires_at = ?3 WHERE kind = ?1 AND id < ?2 AND (retires_at IS NULL OR retires_at > ?3)
-- grantor_store::keys::FORGET
DELETE FROM keys WHERE retires_at < ?1
-- grantor_store::leases::TAKE
INSERT INTO leases (name, holder, until) VALUES (?1, ?2, ?3)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE leases.until <= ?4 OR leases.holder = excluded.holder
-- grantor_store::leases::YIELD
DELETE FROM leases WHERE holder = ?1
-- grantor_store::links::FIND
SELECT digest FROM links WHERE id = ?1 AND purpose = ?2 AND used_at IS NULL AND expires_at > ?3
        AND NOT EXISTS (SELECT 1 FROM users WHERE admin_at IS NOT NULL AND disabled_at IS NULL)
-- grantor_store::links::ADD
INSERT INTO links (id, digest, purpose, expires_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (purpose) DO UPDATE SET id = excluded.id, digest = excluded.digest,
            expires_at = excluded.expires_at, used_at = NULL
-- grantor_store::links::USE
UPDATE links SET used_at = ?2 WHERE id = ?1 AND purpose = ?3 AND used_at IS NULL AND expires_at > ?2
        AND NOT EXISTS (SELECT 1 FROM users WHERE admin_at IS NOT NULL AND disabled_at IS NULL)
-- grantor_store::logins::ADD
INSERT INTO logins (session_id, app_id, user_id, at)
        SELECT s.id, ?2, s.user_id, ?3 FROM sessions s WHERE s.id = ?1 AND s.ended_at IS NULL
        ON CONFLICT (session_id, app_id) DO NOTHING
-- grantor_store::logins::KNOWN
SELECT 1 FROM logins l JOIN sessions s ON s.id = l.session_id JOIN grants g ON g.id = ?3
            JOIN users u ON u.id = g.user_id JOIN app_standing a ON a.id = g.app_id
        WHERE l.session_id = ?1 AND l.app_id = ?2 AND s.ended_at IS NULL AND g.ended_at IS NULL
            AND u.disabled_at IS NULL AND a.suspended_at IS NULL AND a.deleted_at IS NULL
-- grantor_store::logins::STILL_APPROVED
UPDATE grants SET approved_at = approved_at WHERE id = ?1 AND ended_at IS NULL
        AND EXISTS (SELECT 1 FROM users u JOIN app_standing a ON a.id = grants.app_id
            WHERE u.id = grants.user_id AND u.disabled_at IS NULL AND a.suspended_at IS NULL AND a.deleted_at IS NULL)
-- grantor_store::logins::OF_SESSION
SELECT app_id FROM logins WHERE session_id = ?1 ORDER BY at, app_id
-- grantor_store::logins::OF_USER
SELECT l.session_id, l.app_id FROM sessions s JOIN logins l ON l.session_id = s.id
        WHERE s.user_id = ?1 AND s.ended_at IS NULL ORDER BY l.at, l.app_id
-- grantor_store::logins::DUE
SELECT session_id, app_id, user_id, notify_at, attempts FROM (
            SELECT session_id, app_id, user_id, notify_at, attempts,
                ROW_NUMBER() OVER (PARTITION BY app_id ORDER BY notify_at) AS turn
            FROM logins WHERE notify_at <= ?1 AND notify_at IS NOT NULL) AS due
        ORDER BY turn, notify_at LIMIT ?2
-- grantor_store::logins::CLAIM
UPDATE logins SET notify_at = ?4, attempts = attempts + 1
        WHERE session_id = ?1 AND app_id = ?2 AND notify_at = ?3
-- grantor_store::logins::FORGET
DELETE FROM logins WHERE session_id = ?1 AND app_id = ?2 AND notify_at IS NOT NULL
-- grantor_store::moving::STATE
SELECT holder FROM leases WHERE name = 'move'
-- grantor_store::moving::LED
SELECT 1 FROM leases WHERE name <> 'move' AND until > ?1
-- grantor_store::pats::FIND
SELECT id, digest, user_id, description, scopes, hint, created_at, expires_at, last_used_at, last_used_from
        FROM personal_access_tokens WHERE id = ?1 AND ended_at IS NULL
-- grantor_store::pats::OF_USER
SELECT id, digest, user_id, description, scopes, hint, created_at, expires_at, last_used_at, last_used_from
        FROM personal_access_tokens WHERE user_id = ?1 AND ended_at IS NULL ORDER BY id DESC
-- grantor_store::pats::ADD
INSERT INTO personal_access_tokens (id, digest, user_id, description, scopes, hint, created_at, expires_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
        WHERE (SELECT COUNT(*) FROM personal_access_tokens
            WHERE user_id = ?3 AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > ?7)) < ?9
-- grantor_store::pats::END
UPDATE personal_access_tokens SET ended_at = ?3 WHERE id = ?1 AND user_id = ?2 AND ended_at IS NULL
-- grantor_store::pats::TELL_OF_ALL
INSERT INTO changes (at, kind, id)
        SELECT ?2, ?3, id FROM personal_access_tokens WHERE user_id = ?1 AND ended_at IS NULL RETURNING id
-- grantor_store::pats::END_ALL
UPDATE personal_access_tokens SET ended_at = ?2 WHERE user_id = ?1 AND ended_at IS NULL
-- grantor_store::refusals::ADD
INSERT INTO refusals (id, app_id, endpoint, cause, received, times, first_at, last_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (app_id, endpoint, cause, received) DO UPDATE SET times = refusals.times + excluded.times,
            last_at = CASE WHEN excluded.last_at > refusals.last_at THEN excluded.last_at ELSE refusals.last_at END
-- grantor_store::refusals::TRIM
DELETE FROM refusals WHERE app_id = ?1 AND endpoint = ?2 AND cause = ?3 AND received NOT IN (
        SELECT received FROM refusals WHERE app_id = ?1 AND endpoint = ?2 AND cause = ?3
        ORDER BY last_at DESC, id DESC LIMIT ?4)
-- grantor_store::refusals::OF_APP
SELECT id, endpoint, cause, received, times, first_at, last_at
        FROM refusals WHERE app_id = ?1 ORDER BY last_at DESC, id DESC
-- grantor_store::registrations::FIND
SELECT id, digest, owner_id, hint, uses_left, created_at, expires_at FROM initial_access_tokens WHERE id = ?1
-- grantor_store::registrations::LIST
SELECT id, digest, owner_id, hint, uses_left, created_at, expires_at FROM initial_access_tokens
        WHERE expires_at > ?1 ORDER BY expires_at
-- grantor_store::registrations::ADD
INSERT INTO initial_access_tokens (id, digest, owner_id, hint, uses_left, created_at, expires_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
-- grantor_store::registrations::END
DELETE FROM initial_access_tokens WHERE id = ?1
-- grantor_store::registrations::USE
UPDATE initial_access_tokens SET uses_left = uses_left - 1
        WHERE id = ?1 AND owner_id = ?2 AND uses_left > 0 AND expires_at > ?3
-- grantor_store::registrations::MARK
UPDATE apps SET registered_itself = 1, registration_token = ?2, unused_until = ?3 WHERE id = ?1
-- grantor_store::registrations::LOCK
UPDATE apps SET registration_token = NULL WHERE id = ?1 AND registration_token IS NOT NULL AND deleted_at IS NULL
-- grantor_store::registrations::USED
UPDATE apps SET unused_until = NULL WHERE id = ?1 AND unused_until IS NOT NULL
-- grantor_store::registrations::UNUSED
SELECT id FROM apps WHERE unused_until <= ?1 AND unused_until IS NOT NULL ORDER BY unused_until LIMIT ?2
-- grantor_store::registrations::FORGET
UPDATE apps SET deleted_at = COALESCE(deleted_at, ?2)
        WHERE id = ?1 AND unused_until <= ?2 AND unused_until IS NOT NULL
-- grantor_store::registrations::FORGET_SECRETS
DELETE FROM client_secrets WHERE app_id = ?1
-- grantor_store::registrations::FORGET_APP
DELETE FROM apps WHERE id = ?1
-- grantor_store::sessions::FIND
SELECT s.id, s.digest, s.user_id, s.auth_time, s.created_at, s.seen_at, s.expires_at, s.address, s.user_agent, s.level
        FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = ?1 AND s.ended_at IS NULL AND u.disabled_at IS NULL
-- grantor_store::sessions::OF_USER
SELECT id, digest, user_id, auth_time, created_at, seen_at, expires_at, address, user_agent, level
        FROM sessions WHERE user_id = ?1 AND ended_at IS NULL AND expires_at > ?2 ORDER BY seen_at DESC
-- grantor_store::sessions::ADD
INSERT INTO sessions (id, digest, user_id, auth_time, created_at, seen_at, expires_at, address, user_agent, level)
        SELECT ?1, ?2, u.id, ?4, ?4, ?4, ?5, ?6, ?7, ?9 FROM users u
        WHERE u.id = ?3 AND u.disabled_at IS NULL AND COALESCE(u.password, '') = COALESCE(?8, u.password, '')
-- grantor_store::sessions::RENEW
UPDATE sessions SET digest = ?2, auth_time = ?4, seen_at = ?4, expires_at = ?5, address = ?6, user_agent = ?7, level = ?9
        WHERE id = ?1 AND user_id = ?3 AND ended_at IS NULL
            AND EXISTS (SELECT 1 FROM users u WHERE u.id = ?3
                AND u.disabled_at IS NULL AND COALESCE(u.password, '') = COALESCE(?8, u.password, ''))
-- grantor_store::sessions::TELL
INSERT INTO changes (at, kind, id) SELECT ?2, ?3, id FROM sessions
        WHERE user_id = ?1 AND ended_at IS NULL AND id = COALESCE(?4, id) AND id <> COALESCE(?5, 0) RETURNING id
-- grantor_store::sessions::NOTIFY
UPDATE logins SET notify_at = ?2 WHERE session_id IN (SELECT id FROM sessions
        WHERE user_id = ?1 AND ended_at IS NULL AND id = COALESCE(?3, id) AND id <> COALESCE(?4, 0))
-- grantor_store::sessions::END
UPDATE sessions SET ended_at = ?2
        WHERE user_id = ?1 AND ended_at IS NULL AND id = COALESCE(?3, id) AND id <> COALESCE(?4, 0)
-- grantor_store::sessions::HOLD
UPDATE users SET turn = turn WHERE id = (SELECT user_id FROM sessions WHERE id = ?1)
-- grantor_store::sessions::LIVES
SELECT 1 FROM sessions WHERE id = ?1 AND ended_at IS NULL /*: FOR SHARE :*/
-- grantor_store::sessions::WAIT
UPDATE sessions SET seen_at = seen_at
        WHERE user_id = ?1 AND ended_at IS NULL AND id = COALESCE(?2, id) AND id <> COALESCE(?3, 0)
-- grantor_store::standing::SUSPEND
UPDATE apps SET suspended_at = ?2, suspended_for = ?3
        WHERE id = ?1 AND suspended_at IS NULL AND deleted_at IS NULL
-- grantor_store::standing::RESUME
UPDATE apps SET suspended_at = NULL, suspended_for = NULL
        WHERE id = ?1 AND suspended_at IS NOT NULL AND deleted_at IS NULL
-- grantor_store::standing::VERIFY
UPDATE apps SET verified_at = ?2 WHERE id = ?1 AND verified_at IS NULL AND deleted_at IS NULL
-- grantor_store::standing::UNVERIFY
UPDATE apps SET verified_at = NULL
        WHERE id = ?1 AND verified_at IS NOT NULL AND deleted_at IS NULL
-- grantor_store::standing::VERIFIED
SELECT id, owner_id, name FROM apps WHERE verified_at IS NOT NULL AND deleted_at IS NULL
-- grantor_store::sweep::CODES
DELETE FROM codes WHERE id IN (SELECT id FROM codes WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1
-- grantor_store::sweep::FAMILIES
DELETE FROM families WHERE id IN (SELECT id FROM families WHERE idle_until < ?1 ORDER BY idle_until LIMIT 1000) RETURNING 1
-- grantor_store::sweep::OLD_FAMILIES
DELETE FROM families WHERE created_at < ?1 AND id IN (SELECT id FROM families ORDER BY id LIMIT 1000) RETURNING 1
-- grantor_store::sweep::GRANTS
DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE ended_at < ?1 AND ended_at IS NOT NULL ORDER BY ended_at LIMIT 1000) RETURNING 1
-- grantor_store::sweep::ORPHANS
UPDATE grants SET ended_at = ?1 WHERE id IN (SELECT g.id FROM apps a JOIN grants g ON g.app_id = a.id
        WHERE a.deleted_at < ?1 AND a.deleted_at IS NOT NULL AND g.ended_at IS NULL LIMIT 1000) RETURNING 1
-- grantor_store::sweep::LOGINS
DELETE FROM logins WHERE session_id IN (SELECT id FROM sessions WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1
-- grantor_store::sweep::SESSIONS
DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1
-- grantor_store::sweep::THROTTLES
DELETE FROM throttles WHERE key IN (SELECT key FROM throttles WHERE resets_at < ?1 ORDER BY resets_at LIMIT 1000) AND resets_at < ?1 RETURNING 1
-- grantor_store::sweep::ASSERTIONS
DELETE FROM assertions WHERE id IN (SELECT id FROM assertions WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1
-- grantor_store::sweep::PERSONAL_TOKENS
DELETE FROM personal_access_tokens WHERE id IN
        (SELECT id FROM personal_access_tokens WHERE ended_at < ?1 AND ended_at IS NOT NULL ORDER BY ended_at LIMIT 1000) RETURNING 1
-- grantor_store::sweep::LINKS
DELETE FROM links WHERE id IN (SELECT id FROM links WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1
-- grantor_store::sweep::INITIAL_TOKENS
DELETE FROM initial_access_tokens WHERE id IN
        (SELECT id FROM initial_access_tokens WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000) RETURNING 1
-- grantor_store::sweep::EVENTS
DELETE FROM audit_events WHERE id IN (SELECT id FROM audit_events WHERE at < ?1 ORDER BY at LIMIT 1000) RETURNING 1
-- grantor_store::sweep::CHANGES
DELETE FROM changes WHERE seq IN (SELECT seq FROM changes WHERE at < ?1 ORDER BY at LIMIT 1000) RETURNING 1
-- grantor_store::sweep::REFUSALS
DELETE FROM refusals WHERE id IN (SELECT id FROM refusals WHERE last_at < ?1 ORDER BY last_at LIMIT 1000) RETURNING 1
-- grantor_store::sweep::IMAGES
SELECT digest FROM images WHERE digest > ?1 ORDER BY digest LIMIT ?2
-- grantor_store::sweep::IMAGE
DELETE FROM images WHERE digest = ?1 AND created_at < ?2
        AND NOT EXISTS (SELECT 1 FROM apps WHERE apps.icon = images.digest AND apps.deleted_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM users WHERE users.photo = images.digest) RETURNING 1
-- grantor_store::throttles::HIT
INSERT INTO throttles (key, hits, resets_at) VALUES (?1, 1, ?2)
        ON CONFLICT (key) DO UPDATE SET
            hits = CASE WHEN throttles.resets_at <= ?3 THEN 1 ELSE throttles.hits + 1 END,
            resets_at = CASE WHEN throttles.resets_at <= ?3 THEN excluded.resets_at ELSE throttles.resets_at END
        RETURNING hits, resets_at
-- grantor_store::throttles::CLEAR
DELETE FROM throttles WHERE key = ?1
-- grantor_store::usage::GRANT_USED
UPDATE grants SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)
-- grantor_store::usage::FAMILY_USED
UPDATE families SET idle_until = ?2 WHERE id = ?1 AND idle_until < ?2
-- grantor_store::usage::PERSONAL_TOKEN_USED
UPDATE personal_access_tokens SET last_used_at = ?2, last_used_from = ?3
        WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)
-- grantor_store::usage::SECRET_USED
UPDATE client_secrets SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)
-- grantor_store::usage::SESSION_SEEN
UPDATE sessions SET seen_at = ?2 WHERE id = ?1 AND seen_at < ?2
-- grantor_store::users::BY_ID
SELECT id, email, name, photo, admin_at, created_at, disabled_at, profile, updated_at, email_verified_at
        FROM users WHERE id = ?1
-- grantor_store::users::BY_EMAIL
SELECT id, email, name, photo, admin_at, created_at, disabled_at, profile, updated_at, email_verified_at, password
        FROM users WHERE email_key = ?1
-- grantor_store::users::PASSWORD
SELECT password FROM users WHERE id = ?1
-- grantor_store::users::LIST
SELECT id, email, name, photo, admin_at, created_at, disabled_at, profile, updated_at, email_verified_at FROM users
        WHERE id > ?1 ORDER BY id LIMIT ?2
-- grantor_store::users::ADMINISTRATORS
SELECT id FROM users WHERE admin_at IS NOT NULL AND disabled_at IS NULL LIMIT 1
-- grantor_store::users::ADD
INSERT INTO users (id, email, email_key, name, password, admin_at, created_at, email_verified_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7) ON CONFLICT (email_key) DO NOTHING
-- grantor_store::users::SET_PROFILE
UPDATE users SET name = ?2, photo = ?3, profile = ?4, updated_at = ?5 WHERE id = ?1
-- grantor_store::users::SET_PASSWORD
UPDATE users SET password = ?2 WHERE id = ?1 AND COALESCE(password, '') = COALESCE(?3, '')
-- grantor_store::users::REHASH
UPDATE users SET password = ?3 WHERE id = ?1 AND password = ?2
-- grantor_store::users::DISABLE
UPDATE users SET disabled_at = ?2 WHERE id = ?1 AND disabled_at IS NULL
-- grantor_store::users::ENABLE
UPDATE users SET disabled_at = NULL WHERE id = ?1
-- grantor_store::users::TELL_OF_APPS
INSERT INTO changes (at, kind, id)
        SELECT ?2, ?3, id FROM apps WHERE owner_id = ?1 AND deleted_at IS NULL RETURNING id
-- grantor_store::users::TELL_OF_RENAMED
INSERT INTO changes (at, kind, id)
        SELECT ?2, ?3, a.id FROM apps a JOIN users u ON u.id = a.owner_id
        WHERE u.id = ?1 AND u.name <> ?4 AND a.deleted_at IS NULL AND a.registered_itself = 0 RETURNING id
-- grantor_store::users::RENAMED
UPDATE apps SET verified_at = NULL, changed_at = ?3
        WHERE owner_id = ?1 AND deleted_at IS NULL AND registered_itself = 0
            AND EXISTS (SELECT 1 FROM users u WHERE u.id = ?1 AND u.name <> ?2)
-- grantor_store::users::TAKE_TURN
UPDATE users SET turn = turn + 1 WHERE id = ?1 AND disabled_at IS NULL
-- grantor_store::users::HOLD_TURN
UPDATE users SET turn = turn WHERE id = ?1
