import django.db.models.deletion
import portal.clock
import portal.crypto
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('portal', '0001_initial'),
        ('programmes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('form', models.CharField(choices=[('pair', 'binôme'), ('reciprocal', 'binôme réciproque'), ('open_group', 'groupe ouvert'), ('permanence', 'permanence'), ('return', 'appui au retour'), ('community', 'communauté')], default='pair', max_length=12, verbose_name='forme')),
                ('origin', models.CharField(choices=[('portal', 'dans le portail'), ('before', 'avant le portail')], default='portal', max_length=6, verbose_name='origine')),
                ('state', models.CharField(choices=[('proposed', 'proposé'), ('accepted', 'accepté'), ('active', 'en vie'), ('paused', 'en pause'), ('lapsed', 'sans suite'), ('ended', 'terminé')], default='proposed', max_length=10, verbose_name='état')),
                ('proposed_at', models.DateTimeField(default=portal.clock.now, verbose_name='proposé le')),
                ('answer_by', models.DateField(blank=True, null=True, verbose_name='réponse souhaitée avant le')),
                ('more_time', models.PositiveSmallIntegerField(default=0, verbose_name='délais demandés')),
                ('reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='rappel envoyé le')),
                ('late', models.BooleanField(default=False, verbose_name='délai passé sans réponse')),
                ('all_yes_at', models.DateTimeField(blank=True, null=True, verbose_name='accepté par tous le')),
                ('needs_letter', models.BooleanField(default=False)),
                ('needs_charter', models.BooleanField(default=False)),
                ('needs_training', models.BooleanField(default=False)),
                ('needs_supervisor', models.BooleanField(default=False)),
                ('needs_baseline', models.BooleanField(default=False)),
                ('letter_ok_at', models.DateTimeField(blank=True, null=True)),
                ('charter_ok_at', models.DateTimeField(blank=True, null=True)),
                ('training_ok_at', models.DateTimeField(blank=True, null=True)),
                ('supervisor_ok_at', models.DateTimeField(blank=True, null=True)),
                ('baseline_ok_at', models.DateTimeField(blank=True, null=True)),
                ('baseline_how', models.CharField(blank=True, choices=[('issued', 'enquête proposée'), ('previous_wave', 'enquête précédente, de moins de 90 jours'), ('collective_talk', 'temps collectif d’échange'), ('after_issue', 'binôme formé après l’enquête')], max_length=16, verbose_name='enquête de départ')),
                ('active_at', models.DateTimeField(blank=True, null=True, verbose_name='en vie depuis')),
                ('first_met_on', models.DateField(blank=True, null=True, verbose_name='première rencontre le')),
                ('last_met_on', models.DateField(blank=True, null=True, verbose_name='dernière rencontre le')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='terminé le')),
                ('declared_meetings', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='rencontres déclarées, avant le portail')),
                ('end_code', models.CharField(blank=True, choices=[('term', 'terme atteint'), ('helped_wish', 'souhait de l’agent accompagné'), ('helper_wish', 'souhait du ou de la pair-aidant·e'), ('mobility', 'mobilité'), ('orientation', 'orientation vers un autre appui'), ('unspecified', 'sans précision')], max_length=12, verbose_name='raison de la fin')),
                ('cycle', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pairs', to='programmes.cycle')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairs', to='programmes.programme')),
                ('referee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='refereed_pairs', to='portal.person')),
            ],
            options={
                'verbose_name': 'binôme',
                'ordering': ['-proposed_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['active', 'paused']), _negated=True), ('all_yes_at__isnull', False), _connector='OR'), name='active_pair_has_all_yes'), models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', False), ('state', 'ended'), models.Q(('end_code', ''), _negated=True)), models.Q(models.Q(('state', 'ended'), _negated=True), ('end_code', ''), ('ended_on__isnull', True)), _connector='OR'), name='ended_pair_is_dated_and_coded'), models.CheckConstraint(condition=models.Q(('late', False), ('state', 'lapsed'), _connector='OR'), name='late_is_a_lapse'), models.CheckConstraint(condition=models.Q(('declared_meetings__isnull', True), ('origin', 'before'), _connector='OR'), name='only_the_past_is_declared'), models.CheckConstraint(condition=models.Q(('first_met_on__isnull', True), ('last_met_on__gte', models.F('first_met_on')), _connector='OR'), name='met_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('form__in', ('pair', 'reciprocal')), ('needs_baseline', True), ('needs_charter', True), ('needs_letter', True), ('needs_supervisor', True), ('needs_training', True), ('origin', 'portal')), models.Q(models.Q(('form__in', ('pair', 'reciprocal')), ('origin', 'portal'), _negated=True), ('needs_baseline', False), ('needs_charter', False), ('needs_letter', False), ('needs_supervisor', False), ('needs_training', False)), _connector='OR'), name='gates_follow_form_and_origin'), models.CheckConstraint(condition=models.Q(models.Q(('baseline_how', ''), ('baseline_ok_at__isnull', True)), models.Q(('baseline_ok_at__isnull', False), models.Q(('baseline_how', ''), _negated=True)), _connector='OR'), name='baseline_says_how'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'active'), _negated=True), ('needs_letter', False), ('letter_ok_at__isnull', False), _connector='OR'), name='active_pair_gate_letter'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'active'), _negated=True), ('needs_charter', False), ('charter_ok_at__isnull', False), _connector='OR'), name='active_pair_gate_charter'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'active'), _negated=True), ('needs_training', False), ('training_ok_at__isnull', False), _connector='OR'), name='active_pair_gate_training'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'active'), _negated=True), ('needs_supervisor', False), ('supervisor_ok_at__isnull', False), _connector='OR'), name='active_pair_gate_supervisor'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'active'), _negated=True), ('needs_baseline', False), ('baseline_ok_at__isnull', False), _connector='OR'), name='active_pair_gate_baseline')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('key', models.UUIDField(unique=True, verbose_name='clé d’unicité')),
                ('on', models.DateField(verbose_name='le')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='durée en minutes')),
                ('channel', models.CharField(blank=True, choices=[('in_person', 'en présence'), ('video', 'en visioconférence'), ('phone', 'par téléphone'), ('writing', 'par écrit')], max_length=12, verbose_name='canal')),
                ('entered_by_ref', models.UUIDField(editable=False, null=True, verbose_name='notée par')),
                ('entered_at', models.DateTimeField(default=portal.clock.now, verbose_name='notée le')),
                ('themes', models.ManyToManyField(blank=True, related_name='+', to='programmes.theme')),
                ('pair', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='pairing.pair')),
            ],
            options={
                'verbose_name': 'rencontre',
                'ordering': ['-on', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('pair', 'on'), name='one_meeting_a_day', violation_error_message='Une rencontre est déjà notée ce jour-là.'), models.CheckConstraint(condition=models.Q(('minutes__isnull', True), models.Q(('minutes__gte', 5), ('minutes__lte', 480)), _connector='OR'), name='meeting_minutes')],
            },
        ),
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('parts', models.JSONField(default=list, verbose_name='raisons')),
                ('locked', models.BooleanField(default=False, verbose_name='gardé')),
                ('origin', models.CharField(choices=[('solver', 'proposé par le calcul'), ('hand', 'choisi à la main')], default='solver', max_length=6, verbose_name='origine')),
                ('state', models.CharField(choices=[('staged', 'en préparation'), ('published', 'proposé aux personnes'), ('unavailable', 'plus possible')], default='staged', max_length=12, verbose_name='état')),
                ('pair', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='candidate', to='pairing.pair')),
            ],
            options={
                'verbose_name': 'proposition en préparation',
                'ordering': ['run', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PairMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('helper', 'pair-aidant·e'), ('helped', 'agent accompagné'), ('peer', 'pair')], max_length=8, verbose_name='part')),
                ('slot', models.PositiveSmallIntegerField(default=1, verbose_name='place')),
                ('yes_at', models.DateTimeField(blank=True, null=True, verbose_name='a dit oui le')),
                ('live', models.BooleanField(default=True, verbose_name='occupe une place')),
                ('pair', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='pairing.pair')),
                ('participation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='memberships', to='programmes.participation')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='memberships', to='portal.person')),
            ],
            options={
                'verbose_name': 'membre d’un binôme',
                'ordering': ['pair', 'part', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('live', True)), fields=('participation', 'slot'), name='place_taken_once', violation_error_message='Cette place vient d’être prise.'), models.UniqueConstraint(fields=('pair', 'person'), name='nobody_with_oneself'), models.CheckConstraint(condition=models.Q(('slot__gte', 1), ('slot__lte', 5)), name='slot_one_to_five'), models.CheckConstraint(condition=models.Q(('part', 'helper'), ('slot', 1), _connector='OR'), name='helped_and_peer_have_one_slot')],
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('form', models.CharField(choices=[('pair', 'binôme'), ('reciprocal', 'binôme réciproque'), ('open_group', 'groupe ouvert'), ('permanence', 'permanence'), ('return', 'appui au retour'), ('community', 'communauté')], default='pair', max_length=12, verbose_name='forme')),
                ('mode', models.CharField(choices=[('random', 'aléatoire contrôlé'), ('criteria', 'sur critères'), ('dating', 'rencontres croisées (binôme dating)'), ('presentations', 'vœux sur présentations')], max_length=14, verbose_name='façon de faire')),
                ('state', models.CharField(choices=[('computing', 'calcul en cours'), ('failed', 'calcul interrompu'), ('staged', 'en préparation'), ('published', 'publié'), ('discarded', 'écarté')], default='computing', max_length=10, verbose_name='état')),
                ('algorithm', models.CharField(blank=True, max_length=40, verbose_name='version de la méthode')),
                ('seed', models.PositiveBigIntegerField(default=0, verbose_name='graine')),
                ('input_sha256', models.CharField(blank=True, max_length=64, verbose_name='empreinte de l’entrée')),
                ('output_sha256', models.CharField(blank=True, max_length=64, verbose_name='empreinte du résultat')),
                ('input', portal.crypto.SealedField(blank=True, default='', verbose_name='entrée du calcul')),
                ('certificate', models.JSONField(default=dict, verbose_name='détails techniques')),
                ('at', models.DateTimeField(default=portal.clock.now, verbose_name='lancé le')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='publié ou écarté le')),
                ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.participation')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='portal.person')),
                ('cycle', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='programmes.cycle')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='programmes.programme')),
                ('replays', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replayed', to='pairing.run')),
            ],
            options={
                'verbose_name': 'rapprochement',
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('form__in', ['pair', 'reciprocal'])), name='run_pairs_or_peers'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('state__in', ['published', 'discarded'])), models.Q(models.Q(('state__in', ['published', 'discarded']), _negated=True), ('decided_at__isnull', True)), _connector='OR'), name='decided_run_is_dated'), models.CheckConstraint(condition=models.Q(('state__in', ['computing', 'failed']), models.Q(models.Q(('algorithm', ''), _negated=True), models.Q(('input_sha256', ''), _negated=True), models.Q(('output_sha256', ''), _negated=True)), _connector='OR'), name='computed_run_can_be_checked')],
            },
        ),
        migrations.CreateModel(
            name='CandidateMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('helper', 'pair-aidant·e'), ('helped', 'agent accompagné'), ('peer', 'pair')], max_length=8, verbose_name='part')),
                ('slot', models.PositiveSmallIntegerField(default=1, verbose_name='place')),
                ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='pairing.candidate')),
                ('participation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidacies', to='programmes.participation')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='pairing.run')),
            ],
            options={
                'verbose_name': 'membre d’une proposition en préparation',
                'ordering': ['candidate', 'part', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('run', 'participation', 'slot'), name='place_staged_once'), models.UniqueConstraint(fields=('candidate', 'participation'), name='nobody_staged_with_oneself'), models.CheckConstraint(condition=models.Q(('slot__gte', 1), ('slot__lte', 5)), name='staged_slot_one_to_five'), models.CheckConstraint(condition=models.Q(('part', 'helper'), ('slot', 1), _connector='OR'), name='staged_helped_and_peer_once')],
            },
        ),
        migrations.AddField(
            model_name='candidate',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidates', to='pairing.run'),
        ),
        migrations.CreateModel(
            name='SearchChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('asked', 'pas encore de réponse'), ('now', 'maintenant'), ('later', 'plus tard'), ('no', 'non')], default='asked', max_length=5, verbose_name='réponse')),
                ('asked_at', models.DateTimeField(default=portal.clock.now, verbose_name='demandé le')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='répondu le')),
                ('pair', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pairing.pair')),
                ('participation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='search_choices', to='programmes.participation')),
            ],
            options={
                'verbose_name': 'choix après la fin d’un binôme',
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('pair', 'participation'), name='asked_once_after_an_end'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'asked'), ('answered_at__isnull', True)), models.Q(models.Q(('answer', 'asked'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='search_answer_is_dated')],
            },
        ),
        migrations.CreateModel(
            name='SupervisionSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('kind', models.CharField(choices=[('group', 'groupe'), ('individual', 'individuelle'), ('debrief', 'débriefing')], default='group', max_length=12, verbose_name='type')),
                ('starts_at', models.DateTimeField(verbose_name='commence le')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='durée en minutes')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='lieu')),
                ('state', models.CharField(choices=[('planned', 'prévue'), ('held', 'tenue'), ('cancelled', 'annulée')], default='planned', max_length=10, verbose_name='état')),
                ('themes', models.JSONField(default=list, verbose_name='thèmes du groupe')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supervision_sessions', to='programmes.programme')),
            ],
            options={
                'verbose_name': 'séance de supervision',
                'ordering': ['-starts_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SupervisionAttendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('presence', models.CharField(choices=[('expected', 'attendu·e'), ('present', 'présent·e'), ('excused', 'excusé·e'), ('waiting', 'sur la liste d’intérêt')], default='expected', max_length=10, verbose_name='présence')),
                ('participation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supervision_attendances', to='programmes.participation')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='pairing.supervisionsession')),
            ],
            options={
                'verbose_name': 'présence en supervision',
                'constraints': [models.UniqueConstraint(fields=('session', 'participation'), name='supervised_once')],
            },
        ),
        migrations.CreateModel(
            name='SupervisorEngagement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('name', models.CharField(max_length=80, verbose_name='nom affiché')),
                ('address', portal.crypto.SealedField(blank=True, default='', verbose_name='adresse électronique, si la personne est extérieure')),
                ('engaged_on', models.DateField(verbose_name='engagé·e le')),
                ('confidentiality_on', models.DateField(verbose_name='engagement de confidentialité signé le')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('created_at', models.DateTimeField(default=portal.clock.now)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='supervisions', to='portal.person')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supervisors', to='programmes.programme')),
            ],
            options={
                'verbose_name': 'superviseur·e',
                'ordering': ['engaged_on', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='supervisionsession',
            name='supervisor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='pairing.supervisorengagement'),
        ),
        migrations.CreateModel(
            name='Unpaired',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('causes', models.JSONField(default=list, verbose_name='causes')),
                ('participation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.participation')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unpaired', to='pairing.run')),
            ],
            options={
                'verbose_name': 'personne encore en attente',
                'ordering': ['run', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('run', 'participation'), name='unpaired_once')],
            },
        ),
        migrations.CreateModel(
            name='CriterionWeight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, verbose_name='critère')),
                ('weight', models.PositiveSmallIntegerField(verbose_name='poids')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criterion_weights', to='programmes.programme')),
            ],
            options={
                'verbose_name': 'poids d’un critère',
                'ordering': ['programme', 'code'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'code'), name='criterion_weighed_once'), models.CheckConstraint(condition=models.Q(('weight__lte', 100)), name='weight_zero_to_hundred')],
            },
        ),
        migrations.AddConstraint(
            model_name='candidate',
            constraint=models.CheckConstraint(condition=models.Q(('pair__isnull', True), ('state', 'published'), _connector='OR'), name='pair_of_a_published_candidate'),
        ),
        migrations.AddConstraint(
            model_name='supervisionsession',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'group'), ('themes', []), _connector='OR'), name='no_theme_on_individual_sessions'),
        ),
    ]
